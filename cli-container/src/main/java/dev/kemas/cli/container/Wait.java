package dev.kemas.cli.container;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Each;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;

/** {@code kemas wait}. */
public final class Wait extends Each {
  public Wait() {}

  @Override
  public String usage() {
    return "CONTAINER [CONTAINER...]";
  }

  @Override
  public String completes() {
    return "containers";
  }

  @Override
  protected String one(Session session, Flags flags, String name) {
    String code = session.json(Request.post(Paths.of(name, "wait"))).text("StatusCode");
    session.console().line(code);
    session.console().flush();
    return "";
  }
}
