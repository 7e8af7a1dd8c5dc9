package dev.kemas.cli.registry;

import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Session;
import dev.kemas.credential.ClientConfig;
import dev.kemas.credential.RegistryKey;
import dev.kemas.flag.Flags;

/** {@code kemas logout}. */
public final class Logout extends Command {
  public Logout() {}

  @Override
  public String usage() {
    return "[SERVER]";
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public int run(Session session, Flags flags) {
    String server =
        RegistryKey.ofServer(flags.arguments().isEmpty() ? "" : flags.arguments().getFirst());
    boolean known = ClientConfig.of(session::variable).erase(server);
    session
        .console()
        .line((known ? "Removing login credentials for " : "Not logged in to ") + server);
    return 0;
  }
}
