package dev.kemas.cli.container;

import dev.kemas.api.client.Hijacked;
import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Console;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.stream.LocalTerminal;
import dev.kemas.cli.stream.Signals;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;
import dev.kemas.flag.UsageError;
import java.util.List;

/** {@code kemas run}. */
public final class Run extends Command {
  private static final int ENGINE = 125;

  public Run() {}

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
  public int faultStatus() {
    return ENGINE;
  }

  @Override
  public boolean hintsAtHelp() {
    return true;
  }

  @Override
  public List<String> examples() {
    return List.of(
        "kemas run --rm -it debian:bookworm-slim bash    a shell that leaves nothing behind",
        "kemas run -d --name web -p 8080:80 nginx        a server in the background",
        "kemas run --rm -v data:/app/data trainer        with a volume that outlives it");
  }

  @Override
  public void declare(Flags flags) {
    CreateFlags.declare(flags);
    flags.toggle("detach", 'd', "Run container in background and print container ID");
    flags.value("detach-keys", "string", "Override the key sequence for detaching a container");
    flags.toggleOn("sig-proxy", "Proxy received signals to the process");
  }

  @Override
  public int run(Session session, Flags flags) {
    boolean detach = flags.isOn("detach");
    if (detach && flags.isSet("attach")) {
      throw new UsageError("conflicting options: cannot specify both --attach and --detach");
    }
    Json.Obj body = CreateSpec.of(session, flags, detach);
    Console console = session.console();
    boolean tty = flags.isOn("tty");
    if (!detach && tty) {
      if (body.get("AttachStdin").isTrue() && !console.inIsTerminal()) {
        throw new Exit(1, "the input device is not a TTY");
      }
      if (console.inIsTerminal()) {
        LocalTerminal.warmUp();
      }
    }
    if (!detach && console.isProcess()) {
      Signals.warmUp();
    }
    String id = Creation.create(session, flags, body);
    if (detach) {
      start(session, id);
      console.line(id);
      return 0;
    }
    return foreground(session, flags, body, id);
  }

  private static void start(Session session, String id) {
    try {
      session.done(Request.post(Paths.of(id, "start")));
    } catch (Fault fault) {
      throw StartFailure.of(fault);
    }
  }

  private static int foreground(Session session, Flags flags, Json.Obj body, String id) {
    boolean input = body.get("AttachStdin").isTrue();
    boolean tty = body.get("Tty").isTrue();
    Request attach =
        Request.post(Paths.of(id, "attach"))
            .query("stream", true)
            .query("stdin", input)
            .query("stdout", body.get("AttachStdout").isTrue())
            .query("stderr", body.get("AttachStderr").isTrue())
            .queryIf("detachKeys", flags.text("detach-keys"));
    try (Hijacked stream = session.engine().hijack(attach)) {
      Waiting waiting = Waiting.begin(session, id, flags.isOn("rm"));
      Foreground foreground =
          new Foreground(session, Paths.of(id), stream, tty, flags.text("detach-keys"));
      foreground.prepare(input, flags.isOn("sig-proxy"));
      try {
        start(session, id);
        foreground.resize();
        if (!foreground.follow()) {
          return 0;
        }
      } finally {
        foreground.close();
      }
      return waiting.status();
    }
  }
}
