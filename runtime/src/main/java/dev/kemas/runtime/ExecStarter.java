package dev.kemas.runtime;

import dev.kemas.fault.Fault;
import dev.kemas.linux.ChildProcess;
import dev.kemas.linux.Command;
import dev.kemas.linux.Descriptor;
import dev.kemas.linux.Directory;
import dev.kemas.linux.Pipe;
import dev.kemas.linux.Pty;
import dev.kemas.linux.UnixSocket;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts further processes in a container as children of ours: without a monitor of their own they
 * start in half the time, and nothing of them has to outlive us.
 */
final class ExecStarter {
  private static final Duration CONSOLE_LIMIT = Duration.ofSeconds(30);
  private static final Duration CONSOLE_LOOK = Duration.ofMillis(50);

  private final ContainerRuntime runtime;

  ExecStarter(ContainerRuntime runtime) {
    this.runtime = runtime;
  }

  ExecSession start(Bundle bundle, ExecRequest request) {
    Path folder = bundle.execs().resolve(request.id());
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve("process.json"), Json.write(request.process()));
    } catch (IOException e) {
      throw new Fault.Internal("cannot write " + folder + ": " + e.getMessage(), e);
    }
    return request.process().terminal()
        ? withTerminal(bundle, folder)
        : withPipes(bundle, folder, request);
  }

  /** Removes what lies on disk of processes whose engine is gone; they themselves run on. */
  static void forgetAll(Bundle bundle) {
    if (Files.isDirectory(bundle.execs())) {
      try (Directory folder = Directory.open(bundle.folder())) {
        folder.removeTree("exec");
      }
    }
  }

  private Command command(Bundle bundle, Path folder, List<String> more) {
    List<String> words = new ArrayList<>(List.of("exec"));
    words.addAll(List.of("--process", folder.resolve("process.json").toString()));
    words.addAll(List.of("--pid-file", ExecSession.pidFile(folder).toString()));
    words.addAll(more);
    words.add(bundle.id());
    return runtime
        .command(bundle, List.of("--log", ExecSession.log(folder).toString()), words)
        .inNewSession();
  }

  private ExecSession withPipes(Bundle bundle, Path folder, ExecRequest request) {
    Command command = command(bundle, folder, List.of());
    List<Pipe> pipes = new ArrayList<>();
    Optional<Descriptor> input = Optional.empty();
    Optional<Descriptor> output = Optional.empty();
    Optional<Descriptor> errors = Optional.empty();
    try {
      if (request.stdin()) {
        Pipe pipe = Pipe.toWrite("input of exec " + request.id());
        pipes.add(pipe);
        command = command.with(0, pipe.reader());
        input = Optional.of(pipe.writer());
      }
      if (request.output()) {
        Pipe out = Pipe.toRead("output of exec " + request.id());
        pipes.add(out);
        Pipe err = Pipe.toRead("errors of exec " + request.id());
        pipes.add(err);
        command = command.with(1, out.writer()).with(2, err.writer());
        output = Optional.of(out.reader());
        errors = Optional.of(err.reader());
      }
      ChildProcess child = ChildProcess.start(command);
      for (Pipe pipe : pipes) {
        (input.isPresent() && pipe.writer() == input.get() ? pipe.reader() : pipe.writer()).close();
      }
      return ExecSession.withPipes(child, folder, input, output, errors);
    } catch (RuntimeException e) {
      pipes.forEach(Pipe::close);
      throw e;
    }
  }

  private ExecSession withTerminal(Bundle bundle, Path folder) {
    if (!runtime.runtimeOf(bundle).equals(Optional.of(Runtimes.CRUN))) {
      return throughOwnTerminal(bundle, folder);
    }
    Path socket = folder.resolve("console");
    try (UnixSocket listener = UnixSocket.listen(socket, UnixSocket.Kind.STREAM)) {
      ChildProcess child =
          ChildProcess.start(
              command(bundle, folder, List.of("--tty", "--console-socket", socket.toString())));
      return ExecSession.withTerminal(child, folder, awaitTerminal(listener, child));
    }
  }

  /** runc hands a terminal over only when it detaches, and then nobody learns the exit code. */
  private ExecSession throughOwnTerminal(Bundle bundle, Path folder) {
    Pty terminal = Pty.open();
    try (Descriptor slave = terminal.openSlave()) {
      ChildProcess child =
          ChildProcess.start(
              command(bundle, folder, List.of("--tty"))
                  .with(0, slave)
                  .with(1, slave)
                  .with(2, slave));
      return ExecSession.throughTerminal(child, folder, terminal);
    } catch (RuntimeException e) {
      terminal.close();
      throw e;
    }
  }

  /** The runtime sends the terminal, or ends because it cannot start the process. */
  private static Optional<Pty> awaitTerminal(UnixSocket listener, ChildProcess child) {
    long deadline = System.nanoTime() + CONSOLE_LIMIT.toNanos();
    while (true) {
      // looked at before the wait: what a runtime that has ended sent is found by one more wait
      boolean ended = child.waitUntil(Duration.ZERO);
      try {
        try (UnixSocket connection = listener.accept(CONSOLE_LOOK)) {
          return Optional.of(Pty.adopt(connection.receiveDescriptor(CONSOLE_LIMIT)));
        }
      } catch (Fault.Unavailable notYet) {
        if (ended) {
          return Optional.empty();
        }
        if (System.nanoTime() > deadline) {
          throw new Fault.Unavailable("the runtime handed over no terminal in time", notYet);
        }
      }
    }
  }
}
