package dev.kemas.cli.image;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.stream.Transfer;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;
import java.util.List;

/** {@code kemas bootstrap}. */
public final class Bootstrap extends Command {
  public Bootstrap() {}

  @Override
  public String usage() {
    return "[OPTIONS] REF";
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public void declare(Flags flags) {
    flags.list("include", "Also install this package (may be given several times)");
    flags.value("mirror", "string", "Package mirror to use instead of the host's own");
    flags.toggle("quiet", 'q', "Suppress verbose output");
    flags.value("suite", "string", "Suite to use instead of the one that the name says");
  }

  @Override
  public List<String> examples() {
    return List.of(
        "kemas bootstrap debian:bookworm-slim",
        "kemas bootstrap python:3.11-slim --include git",
        "kemas bootstrap busybox");
  }

  @Override
  public int run(Session session, Flags flags) {
    String name = flags.arguments().getFirst();
    Request request =
        Request.post("/images/bootstrap")
            .query("ref", name)
            .queryIf("mirror", flags.text("mirror"))
            .queryIf("suite", flags.text("suite"))
            .queryIf("include", String.join(",", flags.all("include")));
    try {
      Transfer.run(session, request, flags.isOn("quiet"), false);
    } catch (Fault.NotFound unknown) {
      if (!unknown.getMessage().contains("page not found")) {
        throw unknown;
      }
      throw new Exit(
          1,
          "the daemon at "
              + session.engine().endpoint()
              + " is not a Kemas daemon and cannot bootstrap images: name a kemasd with -H or"
              + " KEMAS_HOST",
          unknown);
    }
    return 0;
  }
}
