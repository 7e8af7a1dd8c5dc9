package dev.kemas.cli.container;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Each;
import dev.kemas.cli.command.Session;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;

/** {@code kemas rm}. */
public final class Remove extends Each {
  public Remove() {}

  @Override
  public String usage() {
    return "[OPTIONS] CONTAINER [CONTAINER...]";
  }

  @Override
  public String completes() {
    return "containers";
  }

  @Override
  public void declare(Flags flags) {
    flags.toggle("force", 'f', "Force the removal of a running container (uses SIGKILL)");
    flags.toggle("link", 'l', "Remove the specified link");
    flags.toggle("volumes", 'v', "Remove anonymous volumes associated with the container");
  }

  @Override
  protected String one(Session session, Flags flags, String name) {
    String bare = name.startsWith("/") ? name.substring(1) : name;
    try {
      session.done(
          Request.delete(Paths.of(bare))
              .query("force", flags.isOn("force"))
              .query("link", flags.isOn("link"))
              .query("v", flags.isOn("volumes")));
    } catch (Fault.NotFound gone) {
      if (!flags.isOn("force")) {
        throw gone;
      }
      session.console().error(gone.getMessage());
      return "";
    }
    return name;
  }
}
