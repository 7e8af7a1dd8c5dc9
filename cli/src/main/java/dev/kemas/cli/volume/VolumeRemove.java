package dev.kemas.cli.volume;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Each;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;

/** {@code kemas volume rm}. */
public final class VolumeRemove extends Each {
  public VolumeRemove() {}

  @Override
  public String usage() {
    return "[OPTIONS] VOLUME [VOLUME...]";
  }

  @Override
  public String completes() {
    return "volumes";
  }

  @Override
  public void declare(Flags flags) {
    flags.toggle("force", 'f', "Force the removal of one or more volumes");
  }

  @Override
  protected String one(Session session, Flags flags, String name) {
    session.done(
        Request.delete("/volumes/" + Request.encode(name)).query("force", flags.isOn("force")));
    return name;
  }
}
