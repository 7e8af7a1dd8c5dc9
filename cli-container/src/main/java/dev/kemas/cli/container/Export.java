package dev.kemas.cli.container;

import dev.kemas.api.client.Request;
import dev.kemas.api.client.Response;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.stream.Download;
import dev.kemas.flag.Flags;

/** {@code kemas export}. */
public final class Export extends Command {
  public Export() {}

  @Override
  public String usage() {
    return "[OPTIONS] CONTAINER";
  }

  @Override
  public String completes() {
    return "containers";
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
    flags.value("output", 'o', "string", "Write to a file, instead of STDOUT");
  }

  @Override
  public int run(Session session, Flags flags) {
    String output = flags.text("output");
    if (output.isEmpty() && session.console().outIsTerminal()) {
      throw new Exit(1, "cowardly refusing to save to a terminal. Use the -o flag or redirect");
    }
    String name = flags.arguments().getFirst();
    try (Response response = session.engine().send(Request.get(Paths.of(name, "export")))) {
      Download.to(session, response, output);
    }
    return 0;
  }
}
