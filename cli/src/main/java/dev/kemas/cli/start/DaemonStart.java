package dev.kemas.cli.start;

import dev.kemas.api.client.EngineClient;
import dev.kemas.cli.command.Console;
import dev.kemas.fault.Fault;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Starts the daemon of this distribution on the default socket and waits until it answers. */
final class DaemonStart {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Path LOG = Path.of("/var/log/kemas/kemasd.log");
  private static final int TOLD_LINES = 5;

  private DaemonStart() {}

  /** Starts it, or throws {@code nobodyAnswers} where this user may not or there is none. */
  static void start(
      Fault.Unavailable nobodyAnswers,
      EngineClient client,
      Map<String, String> environment,
      Console console) {
    Optional<Path> daemon = daemon();
    boolean unwanted = environment.getOrDefault("KEMAS_NO_START", "").equals("1");
    if (daemon.isEmpty() || unwanted || !isRoot()) {
      throw nobodyAnswers;
    }
    console.error("kemas: no engine answers; starting " + daemon.get() + " (log: " + LOG + ")");
    Process process = launch(daemon.get());
    await(process, client);
  }

  /** The daemon beside this program. */
  private static Optional<Path> daemon() {
    String home = System.getProperty("kemas.home", "");
    if (home.isEmpty()) {
      return Optional.empty();
    }
    Path daemon = Path.of(home, "bin", "kemasd").toAbsolutePath().normalize();
    return Files.isExecutable(daemon) ? Optional.of(daemon) : Optional.empty();
  }

  private static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      throw new Fault.Internal("cannot tell who runs this: " + e, e);
    }
  }

  private static Process launch(Path daemon) {
    try {
      Files.createDirectories(LOG.getParent());
      ProcessBuilder builder = new ProcessBuilder("setsid", daemon.toString());
      // set by the start script for a program that lives for milliseconds
      builder.environment().remove("GLIBC_TUNABLES");
      return builder
          .directory(new File("/"))
          .redirectInput(new File("/dev/null"))
          .redirectOutput(ProcessBuilder.Redirect.appendTo(LOG.toFile()))
          .redirectErrorStream(true)
          .start();
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot start " + daemon + ": " + e.getMessage(), e);
    }
  }

  private static void await(Process process, EngineClient client) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    boolean died = false;
    while (true) {
      try {
        client.ping();
        return;
      } catch (Fault.Unavailable notYet) {
        if (System.nanoTime() > end) {
          throw new Fault.Unavailable(died ? died(process) : tooSlow(), notYet);
        }
        if (!process.isAlive() && !died) {
          // another command may have started one at the same moment, and ours gave way to it
          died = true;
          end = Math.min(end, System.nanoTime() + GRACE.toNanos());
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private static String died(Process process) {
    return "the engine ended while it started (status " + process.exitValue() + "): " + lastLines();
  }

  private static String tooSlow() {
    return "the engine was started but does not answer after "
        + DEADLINE.toSeconds()
        + " s: see "
        + LOG;
  }

  private static String lastLines() {
    try {
      List<String> lines = new ArrayList<>(Files.readAllLines(LOG, StandardCharsets.UTF_8));
      List<String> last = lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size());
      return String.join("; ", last) + " (log: " + LOG + ")";
    } catch (IOException e) {
      return "see " + LOG;
    }
  }
}
