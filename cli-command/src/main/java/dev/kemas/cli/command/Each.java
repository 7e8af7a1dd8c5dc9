package dev.kemas.cli.command;

import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;

/**
 * A command that does one thing to each of its arguments and prints the argument when it is done.
 * One that fails does not keep the others from being tried; the status is then 1.
 */
public abstract class Each extends Command {
  protected Each() {}

  @Override
  public int least() {
    return 1;
  }

  @Override
  public final int run(Session session, Flags flags) {
    int status = 0;
    for (String name : flags.arguments()) {
      try {
        String done = one(session, flags, name);
        if (!done.isEmpty()) {
          session.console().line(done);
          session.console().flush();
        }
      } catch (Fault fault) {
        session.console().error(fault.getMessage());
        status = 1;
      }
    }
    return status + finish(session, flags);
  }

  /** Does it to one, and says what to print. */
  protected abstract String one(Session session, Flags flags, String name);

  /** Called once after all, gives what is added to the status. */
  protected int finish(Session session, Flags flags) {
    return 0;
  }
}
