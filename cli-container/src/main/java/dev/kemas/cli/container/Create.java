package dev.kemas.cli.container;

import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;

/** {@code kemas create}. */
public final class Create extends Command {
  public Create() {}

  @Override
  public String usage() {
    return "[OPTIONS] IMAGE [COMMAND] [ARG...]";
  }

  @Override
  public String completes() {
    return "images";
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public void declare(Flags flags) {
    CreateFlags.declare(flags);
  }

  @Override
  public int run(Session session, Flags flags) {
    String id = Creation.create(session, flags, CreateSpec.of(session, flags, false));
    session.console().line(id);
    return 0;
  }
}
