package dev.kemas.bootstrap;

import dev.kemas.fault.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A program whose output is wanted as a stream and whose complaints are wanted as lines. */
final class Workshop implements AutoCloseable {
  private static final int REMEMBERED = 40;
  private static final int GRACE_SECONDS = 10;

  private final Process process;
  private final String program;
  private final Thread reader;
  private final Deque<String> last = new ArrayDeque<>();

  private Workshop(Process process, String program, Consumer<String> lines) {
    this.process = process;
    this.program = program;
    this.reader =
        Thread.ofPlatform().daemon().name("output of " + program).start(() -> readLines(lines));
  }

  /**
   * Starts a program.
   *
   * @param folder where it runs
   * @param lines gets what it says, line by line
   * @throws Fault.Unavailable when it cannot be started
   */
  static Workshop start(
      List<String> command, Path folder, Map<String, String> environment, Consumer<String> lines) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return new Workshop(process, command.getFirst(), lines);
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot start " + command.getFirst() + ": " + e.getMessage(), e);
    }
  }

  private void readLines(Consumer<String> lines) {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        synchronized (last) {
          last.addLast(line);
          if (last.size() > REMEMBERED) {
            last.removeFirst();
          }
        }
        lines.accept(line);
      }
    } catch (IOException e) {
      // the program was ended from here; what it would have said is of no interest
      return;
    } catch (Fault e) {
      end(); // who listened has gone
    }
  }

  /** What it writes to its standard output. */
  InputStream output() {
    return process.getInputStream();
  }

  /** Waits for its end; true when it says that all went well. */
  boolean succeeded() {
    try {
      boolean fine = process.waitFor() == 0;
      reader.join();
      return fine;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted while " + program + " was running");
    }
  }

  /** The complaints among the last lines; all of them if it did not mark any. */
  List<String> complaints() {
    List<String> lines;
    synchronized (last) {
      lines = new ArrayList<>(last);
    }
    List<String> marked =
        lines.stream()
            .map(String::strip)
            .filter(l -> l.startsWith("E:") || l.startsWith("Err:") || l.startsWith("W: Failed"))
            .map(AptSource::withoutCredentials)
            .distinct()
            .toList();
    return marked.isEmpty() ? lines : marked;
  }

  /** Has it and what it started end; unshare(1) itself leaves a signal to those. */
  private void end() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  /** Ends it, if it still runs, and gives it time to clean up. */
  @Override
  public void close() {
    if (!process.isAlive()) {
      return;
    }
    end();
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  /** Whether a program is on the path. */
  static boolean has(String program) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin:/usr/bin:/bin";
    for (String folder : path.split(":", -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }
}
