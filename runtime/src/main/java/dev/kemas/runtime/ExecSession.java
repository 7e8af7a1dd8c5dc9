package dev.kemas.runtime;

import dev.kemas.fault.Fault;
import dev.kemas.linux.ChildProcess;
import dev.kemas.linux.Descriptor;
import dev.kemas.linux.PidFd;
import dev.kemas.linux.Pty;
import dev.kemas.linux.Signal;
import dev.kemas.linux.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that runs beside a container's own. Its streams are ours; it ends with its container,
 * and goes on without us when we end, its output then lost. Its end is always waited for, whoever
 * closes the streams when.
 */
public final class ExecSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExecSession.class);

  private final ChildProcess runtime;
  private final Path folder;
  private final Optional<Pty> terminal;
  private final boolean relayed;
  private final OutputStream input;
  private final InputStream output;
  private final InputStream errors;
  private final CompletableFuture<Outcome> ended = new CompletableFuture<>();
  private final AtomicBoolean half = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  private ExecSession(
      ChildProcess runtime,
      Path folder,
      Optional<Pty> terminal,
      boolean relayed,
      OutputStream input,
      InputStream output,
      InputStream errors) {
    this.runtime = runtime;
    this.folder = folder;
    this.terminal = terminal;
    this.relayed = relayed;
    this.input = input;
    this.output = output;
    this.errors = errors;
  }

  private ExecSession watched() {
    Thread.ofVirtual()
        .name("exec-" + folder.getFileName())
        .start(() -> {
          try {
            ended.complete(waitForEnd());
          } catch (RuntimeException e) {
            ended.completeExceptionally(e);
          } finally {
            releaseAtSecond();
          }
        });
    return this;
  }

  /** Called once when it has ended and once when its user has closed it, in any order. */
  private void releaseAtSecond() {
    if (half.getAndSet(true)) {
      release();
    }
  }

  static ExecSession withTerminal(ChildProcess runtime, Path folder, Optional<Pty> terminal) {
    return new ExecSession(
            runtime,
            folder,
            terminal,
            false,
            terminal.map(Pty::output).orElse(OutputStream.nullOutputStream()),
            terminal.map(Pty::input).orElse(InputStream.nullInputStream()),
            InputStream.nullInputStream())
        .watched();
  }

  /** With a terminal of ours in front of one that the runtime has made and relays. */
  static ExecSession throughTerminal(ChildProcess runtime, Path folder, Pty terminal) {
    return new ExecSession(
            runtime,
            folder,
            Optional.of(terminal),
            true,
            terminal.output(),
            terminal.input(),
            InputStream.nullInputStream())
        .watched();
  }

  static ExecSession withPipes(
      ChildProcess runtime,
      Path folder,
      Optional<Descriptor> input,
      Optional<Descriptor> output,
      Optional<Descriptor> errors) {
    return new ExecSession(
            runtime,
            folder,
            Optional.empty(),
            false,
            input.map(Descriptor::output).orElse(OutputStream.nullOutputStream()),
            output.map(Descriptor::input).orElse(InputStream.nullInputStream()),
            errors.map(Descriptor::input).orElse(InputStream.nullInputStream()))
        .watched();
  }

  /** How it ended: with a code, or never started. */
  public sealed interface Outcome {
    /** It ran. */
    record Ended(int code) implements Outcome {}

    /** It could not be started; the message is in Docker's words. */
    record NotStarted(int code, String message) implements Outcome {}
  }

  /** Its standard input; with a terminal, what is typed. Closing it ends the input. */
  public OutputStream stdin() {
    return input;
  }

  /** Its standard output; with a terminal, all output. */
  public InputStream stdout() {
    return output;
  }

  /** Its standard error; empty with a terminal. */
  public InputStream stderr() {
    return errors;
  }

  /** Its process on the host; empty until it has started. */
  public OptionalInt pid() {
    try {
      String text = Files.readString(pidFile(folder)).strip();
      return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    } catch (java.nio.file.NoSuchFileException notYet) {
      return OptionalInt.empty();
    } catch (IOException e) {
      throw new Fault.Internal("cannot read " + pidFile(folder) + ": " + e.getMessage(), e);
    }
  }

  /** Changes the size of its terminal, in character cells; without one nothing happens. */
  public void resize(int height, int width) {
    terminal.ifPresent(t -> t.resize(new Terminal.Size(width, height)));
    if (relayed) {
      // not its controlling terminal, so the kernel does not tell it
      runtime.signal(Signal.WINCH);
    }
  }

  /** Sends it a signal; one that has ended is left alone. */
  public void signal(Signal signal) {
    pid()
        .ifPresent(pid -> {
          Optional<PidFd> process = PidFd.open(pid);
          process.ifPresent(p -> {
            try (p) {
              p.signal(signal);
            }
          });
        });
  }

  /** Waits for its end. Its streams should be read meanwhile, or it may wait for its reader. */
  public Outcome await() {
    try {
      return ended.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private Outcome waitForEnd() {
    int code = runtime.waitFor();
    if (pid().isPresent()) {
      return new Outcome.Ended(code);
    }
    String complaint;
    try {
      complaint = Files.exists(log(folder)) ? Files.readString(log(folder)) : "";
    } catch (IOException e) {
      throw new Fault.Internal("cannot read " + log(folder) + ": " + e.getMessage(), e);
    }
    if (complaint.isBlank()) {
      return new Outcome.NotStarted(126, "OCI runtime exec failed: exit status " + code);
    }
    String message = RuntimeErrors.of("exec", complaint).getMessage();
    int said = RuntimeErrors.exitCode(message);
    return new Outcome.NotStarted(said == 125 ? 126 : said, message);
  }

  static Path pidFile(Path folder) {
    return folder.resolve("pid");
  }

  static Path log(Path folder) {
    return folder.resolve("log");
  }

  /**
   * Lets go of the streams; the process is not touched. What lay on disk is removed when it has
   * ended.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    terminal.ifPresent(Pty::close);
    try {
      input.close();
      output.close();
      errors.close();
    } catch (IOException e) {
      throw new Fault.Internal("cannot close the streams of " + folder + ": " + e.getMessage(), e);
    } finally {
      releaseAtSecond();
    }
  }

  private void release() {
    runtime.close();
    try {
      for (String file : new String[] {"process.json", "pid", "log", "console"}) {
        Files.deleteIfExists(folder.resolve(file));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // nobody waits for this any more; the container's removal takes the folder with it
      LOG.warn("cannot remove {}: {}", folder, e.getMessage());
    }
  }
}
