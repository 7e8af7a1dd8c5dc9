package dev.kemas.cli.container;

import dev.kemas.api.client.Hijacked;
import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;
import dev.kemas.flag.UsageError;
import java.util.ArrayList;
import java.util.List;

/** {@code kemas start}. */
public final class Start extends Command {
  public Start() {}

  @Override
  public String usage() {
    return "[OPTIONS] CONTAINER [CONTAINER...]";
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
  public void declare(Flags flags) {
    flags.toggle("attach", 'a', "Attach STDOUT/STDERR and forward signals");
    flags.value("detach-keys", "string", "Override the key sequence for detaching a container");
    flags.toggle("interactive", 'i', "Attach container's STDIN");
  }

  @Override
  public int run(Session session, Flags flags) {
    if (flags.isOn("attach") || flags.isOn("interactive")) {
      if (flags.arguments().size() > 1) {
        throw new UsageError("you cannot start and attach multiple containers at once");
      }
      return attached(session, flags, flags.arguments().getFirst());
    }
    List<String> failed = new ArrayList<>();
    for (String name : flags.arguments()) {
      try {
        session.done(Request.post(Paths.of(name, "start")));
        session.console().line(name);
      } catch (Fault fault) {
        session.console().error(fault.getMessage());
        failed.add(name);
      }
    }
    if (!failed.isEmpty()) {
      throw new Exit(1, "Error: failed to start containers: " + String.join(", ", failed));
    }
    return 0;
  }

  private static int attached(Session session, Flags flags, String name) {
    Json container = session.json(Request.get(Paths.of(name, "json")));
    String id = container.text("Id");
    boolean tty = container.get("Config").get("Tty").isTrue();
    boolean input = flags.isOn("interactive") && container.get("Config").get("OpenStdin").isTrue();
    boolean removes = container.get("HostConfig").get("AutoRemove").isTrue();
    Request attach =
        Request.post(Paths.of(id, "attach"))
            .query("stream", true)
            .query("stdin", input)
            .query("stdout", true)
            .query("stderr", true)
            .queryIf("detachKeys", flags.text("detach-keys"));
    try (Hijacked stream = session.engine().hijack(attach)) {
      Waiting waiting = Waiting.begin(session, id, removes);
      try (Foreground foreground =
          new Foreground(session, Paths.of(id), stream, tty, flags.text("detach-keys"))) {
        foreground.prepare(input, true);
        session.done(Request.post(Paths.of(id, "start")));
        foreground.resize();
        if (!foreground.follow()) {
          return 0;
        }
      }
      return waiting.status();
    }
  }
}
