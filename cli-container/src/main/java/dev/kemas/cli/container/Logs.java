package dev.kemas.cli.container;

import dev.kemas.api.client.Request;
import dev.kemas.api.client.Response;
import dev.kemas.api.client.StdioFrames;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Console;
import dev.kemas.cli.command.Session;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;
import dev.kemas.text.Moments;
import java.io.IOException;

/** {@code kemas logs}. */
public final class Logs extends Command {
  public Logs() {}

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
    flags.toggle("details", "Show extra details provided to logs");
    flags.toggle("follow", 'f', "Follow log output");
    flags.value(
        "since",
        "string",
        "Show logs since timestamp (e.g. \"2013-01-02T13:23:37Z\") or relative (e.g. \"42m\" for"
            + " 42 minutes)");
    flags.value("tail", 'n', "string", "Number of lines to show from the end of the logs", "all");
    flags.toggle("timestamps", 't', "Show timestamps");
    flags.value(
        "until",
        "string",
        "Show logs before a timestamp (e.g. \"2013-01-02T13:23:37Z\") or relative (e.g. \"42m\""
            + " for 42 minutes)");
  }

  @Override
  public int run(Session session, Flags flags) {
    String name = flags.arguments().getFirst();
    long now = System.currentTimeMillis();
    boolean tty =
        session.json(Request.get(Paths.of(name, "json"))).get("Config").get("Tty").isTrue();
    Request request =
        Request.get(Paths.of(name, "logs"))
            .query("stdout", true)
            .query("stderr", true)
            .query("details", flags.isOn("details"))
            .query("follow", flags.isOn("follow"))
            .query("timestamps", flags.isOn("timestamps"))
            .queryIf("since", Moments.toApi(flags.text("since"), now))
            .queryIf("until", Moments.toApi(flags.text("until"), now))
            .query("tail", flags.text("tail"));
    Console console = session.console();
    try (Response response = session.engine().send(request)) {
      if (tty) {
        response.body().transferTo(console.out());
      } else {
        StdioFrames.copy(response.body(), console.out(), console.err());
      }
    } catch (IOException e) {
      throw new Fault.Unavailable("the log broke off: " + e.getMessage(), e);
    }
    return 0;
  }
}
