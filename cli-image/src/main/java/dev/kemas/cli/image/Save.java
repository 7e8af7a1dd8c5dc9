package dev.kemas.cli.image;

import dev.kemas.api.client.Request;
import dev.kemas.api.client.Response;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.stream.Download;
import dev.kemas.flag.Flags;

/** {@code kemas save}. */
public final class Save extends Command {
  public Save() {}

  @Override
  public String usage() {
    return "[OPTIONS] IMAGE [IMAGE...]";
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
    flags.value("output", 'o', "string", "Write to a file, instead of STDOUT");
    flags.value("platform", "string", "Save only the given platform (e.g. \"linux/amd64\")");
  }

  @Override
  public int run(Session session, Flags flags) {
    String output = flags.text("output");
    if (output.isEmpty() && session.console().outIsTerminal()) {
      throw new Exit(1, "cowardly refusing to save to a terminal. Use the -o flag or redirect");
    }
    Request request = Request.get("/images/get");
    for (String name : flags.arguments()) {
      request.query("names", name);
    }
    try (Response response = session.engine().send(request)) {
      Download.to(session, response, output);
    }
    return 0;
  }
}
