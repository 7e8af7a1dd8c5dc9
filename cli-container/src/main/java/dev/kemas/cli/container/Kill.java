package dev.kemas.cli.container;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Each;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;

/** {@code kemas kill}. */
public final class Kill extends Each {
  public Kill() {}

  @Override
  public String usage() {
    return "[OPTIONS] CONTAINER [CONTAINER...]";
  }

  @Override
  public String completes() {
    return "running";
  }

  @Override
  public void declare(Flags flags) {
    flags.value("signal", 's', "string", "Signal to send to the container");
  }

  @Override
  protected String one(Session session, Flags flags, String name) {
    session.done(Request.post(Paths.of(name, "kill")).queryIf("signal", flags.text("signal")));
    return name;
  }
}
