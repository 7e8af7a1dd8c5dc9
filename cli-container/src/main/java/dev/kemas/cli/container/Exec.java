package dev.kemas.cli.container;

import dev.kemas.api.client.Hijacked;
import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.stream.LocalTerminal;
import dev.kemas.flag.Flags;
import java.util.List;

/** {@code kemas exec}. */
public final class Exec extends Command {
  public Exec() {}

  @Override
  public String usage() {
    return "[OPTIONS] CONTAINER COMMAND [ARG...]";
  }

  @Override
  public String completes() {
    return "running";
  }

  @Override
  public int least() {
    return 2;
  }

  @Override
  public void declare(Flags flags) {
    flags.stopAtFirstArgument();
    flags.toggle("detach", 'd', "Detached mode: run command in the background");
    flags.value("detach-keys", "string", "Override the key sequence for detaching a container");
    flags.list("env", 'e', "Set environment variables");
    flags.list("env-file", "Read in a file of environment variables");
    flags.toggle("interactive", 'i', "Keep STDIN open even if not attached");
    flags.toggle("privileged", "Give extended privileges to the command");
    flags.toggle("tty", 't', "Allocate a pseudo-TTY");
    flags.value("user", 'u', "string", "Username or UID (format: \"<name|uid>[:<group|gid>]\")");
    flags.value("workdir", 'w', "string", "Working directory inside the container");
  }

  @Override
  public int run(Session session, Flags flags) {
    boolean detach = flags.isOn("detach");
    boolean tty = flags.isOn("tty");
    boolean input = flags.isOn("interactive") && !detach;
    if (tty && input && !session.console().inIsTerminal()) {
      throw new Exit(1, "the input device is not a TTY");
    }
    if (tty && !detach && session.console().inIsTerminal()) {
      LocalTerminal.warmUp();
    }
    String container = flags.arguments().getFirst();
    Json created =
        session.json(
            Request.post(Paths.of(container, "exec"))
                .body(specification(session, flags, input, !detach)));
    String path = "/exec/" + Request.encode(created.text("Id"));
    Json.Obj start = Json.object().put("Detach", detach).put("Tty", tty);
    if (detach) {
      session.done(Request.post(path + "/start").body(start));
      return 0;
    }
    boolean ended;
    try (Hijacked stream = session.engine().hijack(Request.post(path + "/start").body(start));
        Foreground foreground =
            new Foreground(session, path, stream, tty, flags.text("detach-keys"))) {
      foreground.prepare(input, false);
      foreground.resize();
      ended = foreground.follow();
    }
    if (!ended) {
      throw new Exit(1, "read escape sequence");
    }
    return (int) session.json(Request.get(path + "/json")).get("ExitCode").number();
  }

  private static Json.Obj specification(
      Session session, Flags flags, boolean input, boolean output) {
    List<String> words = flags.arguments();
    Json.Obj body =
        Json.object()
            .put("AttachStdin", input)
            .put("AttachStdout", output)
            .put("AttachStderr", output)
            .put("Tty", flags.isOn("tty"))
            .put("Privileged", flags.isOn("privileged"))
            .put("Cmd", words.subList(1, words.size()));
    List<String> environment =
        EnvironmentFiles.resolved(session, flags.all("env-file"), flags.all("env"));
    if (!environment.isEmpty()) {
      body.put("Env", environment);
    }
    put(body, "User", flags.text("user"));
    put(body, "WorkingDir", flags.text("workdir"));
    put(body, "DetachKeys", flags.text("detach-keys"));
    return body;
  }

  private static void put(Json.Obj body, String name, String value) {
    if (!value.isEmpty()) {
      body.put(name, value);
    }
  }
}
