package dev.kemas.cli.container;

import dev.kemas.api.client.Hijacked;
import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;

/** {@code kemas attach}. */
public final class Attach extends Command {
  public Attach() {}

  @Override
  public String usage() {
    return "[OPTIONS] CONTAINER";
  }

  @Override
  public String completes() {
    return "running";
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
    flags.value("detach-keys", "string", "Override the key sequence for detaching a container");
    flags.toggle("no-stdin", "Do not attach STDIN");
    flags.toggleOn("sig-proxy", "Proxy all received signals to the process");
  }

  @Override
  public int run(Session session, Flags flags) {
    String name = flags.arguments().getFirst();
    Json container = session.json(Request.get(Paths.of(name, "json")));
    Json state = container.get("State");
    if (!state.get("Running").isTrue()) {
      throw new Exit(1, "You cannot attach to a stopped container, start it first");
    }
    if (state.get("Paused").isTrue()) {
      throw new Exit(1, "You cannot attach to a paused container, unpause it first");
    }
    boolean tty = container.get("Config").get("Tty").isTrue();
    boolean input = !flags.isOn("no-stdin") && container.get("Config").get("OpenStdin").isTrue();
    if (tty && input && !session.console().inIsTerminal()) {
      throw new Exit(1, "the input device is not a TTY");
    }
    return follow(session, flags, container.text("Id"), tty, input);
  }

  private static int follow(Session session, Flags flags, String id, boolean tty, boolean input) {
    Request attach =
        Request.post(Paths.of(id, "attach"))
            .query("stream", true)
            .query("stdin", input)
            .query("stdout", true)
            .query("stderr", true)
            .queryIf("detachKeys", flags.text("detach-keys"));
    boolean ended;
    Waiting waiting = Waiting.begin(session, id, false);
    try (Hijacked stream = session.engine().hijack(attach);
        Foreground foreground =
            new Foreground(session, Paths.of(id), stream, tty, flags.text("detach-keys"))) {
      foreground.prepare(input, flags.isOn("sig-proxy"));
      foreground.resize();
      ended = foreground.follow();
    }
    if (!ended) {
      throw new Exit(1, "read escape sequence");
    }
    return waiting.status();
  }
}
