package dev.kemas.cli.container;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Each;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;

/** {@code kemas pause}. */
public final class Pause extends Each {
  public Pause() {}

  @Override
  public String usage() {
    return "CONTAINER [CONTAINER...]";
  }

  @Override
  public String completes() {
    return "running";
  }

  @Override
  protected String one(Session session, Flags flags, String name) {
    session.done(Request.post(Paths.of(name, "pause")));
    return name;
  }
}
