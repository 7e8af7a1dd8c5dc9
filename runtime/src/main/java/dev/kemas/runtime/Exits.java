package dev.kemas.runtime;

import dev.kemas.fault.Fault;
import dev.kemas.linux.PidFd;
import dev.kemas.linux.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How containers ended: conmon leaves the code in a file and then ends itself. */
final class Exits {
  private static final Duration ENDLESS = Duration.ofDays(365);
  private static final int KILLED = 137;

  private Exits() {}

  static Optional<Observed.Exit> read(Bundle bundle) {
    try {
      String code = Files.readString(bundle.exit()).strip();
      if (code.isEmpty()) {
        return Optional.empty();
      }
      Instant at = Files.getLastModifiedTime(bundle.exit()).toInstant();
      return Optional.of(new Observed.Exit(Integer.parseInt(code), at, true));
    } catch (NoSuchFileException running) {
      return Optional.empty();
    } catch (IOException e) {
      throw new Fault.Internal("cannot read " + bundle.exit() + ": " + e.getMessage(), e);
    }
  }

  static Observed.Exit unwatched() {
    return new Observed.Exit(KILLED, Instant.now(), false);
  }

  /** Waits for conmon's end; a container that lost its conmon is killed. */
  static Observed.Exit await(Bundle bundle, Optional<PidFd> monitor, Optional<PidFd> container) {
    monitor.ifPresent(process -> {
      try (process) {
        awaitEnd(process);
      }
    });
    return read(bundle)
        .orElseGet(() -> {
          container.ifPresent(process -> {
            process.signal(Signal.KILL);
            awaitEnd(process);
          });
          return unwatched();
        });
  }

  private static void awaitEnd(PidFd process) {
    boolean ended = false;
    while (!ended) {
      ended = process.awaitExit(ENDLESS);
    }
  }
}
