package dev.kemas.cli.image;

import dev.kemas.api.client.Request;
import dev.kemas.api.client.Response;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.stream.Transfer;
import dev.kemas.flag.Flags;

/** {@code kemas load}. */
public final class Load extends Command {
  public Load() {}

  @Override
  public String usage() {
    return "[OPTIONS]";
  }

  @Override
  public int most() {
    return 0;
  }

  @Override
  public void declare(Flags flags) {
    flags.value("input", 'i', "string", "Read from tar archive file, instead of STDIN");
    flags.value("platform", "string", "Load only the given platform (e.g. \"linux/amd64\")");
    flags.toggle("quiet", 'q', "Suppress the load output");
  }

  @Override
  public int run(Session session, Flags flags) {
    String input = flags.text("input");
    if (input.isEmpty() && session.console().inIsTerminal()) {
      throw new Exit(1, "requested load from stdin, but stdin is empty");
    }
    boolean quiet = flags.isOn("quiet") || !session.console().outIsTerminal();
    Request request =
        Request.post("/images/load")
            .query("quiet", quiet ? "1" : "0")
            .body("application/x-tar", Transfer.from(session, input));
    try (Response response = session.engine().send(request)) {
      Transfer.show(session, response, false);
    }
    return 0;
  }
}
