package dev.kemas.cli.volume;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Pairs;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;

/** {@code kemas volume create}. */
public final class VolumeCreate extends Command {
  public VolumeCreate() {}

  @Override
  public String usage() {
    return "[OPTIONS] [VOLUME]";
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public void declare(Flags flags) {
    flags.value("driver", 'd', "string", "Specify volume driver name", "local");
    flags.list("label", "Set metadata for a volume");
    flags.list("opt", 'o', "Set driver specific options");
    flags.value("name", "string", "Specify volume name");
  }

  @Override
  public int run(Session session, Flags flags) {
    String name = flags.arguments().isEmpty() ? flags.text("name") : flags.arguments().getFirst();
    Json.Obj body =
        Json.object()
            .put("Name", name)
            .put("Driver", flags.text("driver"))
            .put("DriverOpts", Pairs.of(flags.all("opt")))
            .put("Labels", Pairs.of(flags.all("label")));
    session.console().line(session.json(Request.post("/volumes/create").body(body)).text("Name"));
    return 0;
  }
}
