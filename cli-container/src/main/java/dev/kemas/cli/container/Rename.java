package dev.kemas.cli.container;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;

/** {@code kemas rename}. */
public final class Rename extends Command {
  public Rename() {}

  @Override
  public String usage() {
    return "CONTAINER NEW_NAME";
  }

  @Override
  public String completes() {
    return "containers";
  }

  @Override
  public int least() {
    return 2;
  }

  @Override
  public int most() {
    return 2;
  }

  @Override
  public int run(Session session, Flags flags) {
    String name = flags.arguments().get(0);
    String to = flags.arguments().get(1);
    try {
      session.done(Request.post(Paths.of(name, "rename")).query("name", to));
    } catch (Fault fault) {
      throw new Exit(
          1, fault.getMessage() + "\nError: failed to rename container named " + name, fault);
    }
    return 0;
  }
}
