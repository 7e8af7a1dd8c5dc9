package dev.kemas.cli.container;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Each;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;

/** {@code kemas unpause}. */
public final class Unpause extends Each {
  public Unpause() {}

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
    session.done(Request.post(Paths.of(name, "unpause")));
    return name;
  }
}
