package dev.kemas.runtime;

import dev.kemas.fault.Fault;
import dev.kemas.linux.DurableFile;
import dev.kemas.linux.PidFd;
import dev.kemas.linux.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How containers ended: conmon leaves the code in a file and then ends itself. The file lies in the
 * state folder, which is memory on a usual machine: a container that has filled the disk, its own
 * bundle included, still tells its code. Whoever sees it first moves it into the bundle, where it
 * outlasts a reboot.
 */
final class Exits {
  private static final Logger LOG = LoggerFactory.getLogger(Exits.class);
  private static final Duration ENDLESS = Duration.ofDays(365);
  private static final int KILLED = 137;

  private final Path folder;

  /**
   * @param folder where conmon writes; made if missing
   */
  Exits(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new Fault.Internal("cannot make " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Where conmon writes the codes, each under the id of its container. */
  Path folder() {
    return folder;
  }

  /** Forgets how it ended, before it runs again. */
  void forget(Bundle bundle) {
    try {
      Files.deleteIfExists(bundle.exit());
      Files.deleteIfExists(folder.resolve(bundle.id()));
    } catch (IOException e) {
      throw new Fault.Internal("cannot remove " + bundle.exit() + ": " + e.getMessage(), e);
    }
  }

  /** How it ended, if it has. */
  Optional<Observed.Exit> read(Bundle bundle) {
    Path fresh = folder.resolve(bundle.id());
    Optional<Observed.Exit> exit = read(fresh);
    if (exit.isEmpty()) {
      return read(bundle.exit());
    }
    try {
      byte[] code = Integer.toString(exit.get().code()).getBytes(StandardCharsets.US_ASCII);
      DurableFile.write(bundle.exit(), code, 0600, DurableFile.Durability.PROCESS);
      Files.setLastModifiedTime(bundle.exit(), FileTime.from(exit.get().at()));
      Files.deleteIfExists(fresh);
    } catch (Fault | IOException full) {
      // it stays where it is and is found there
      LOG.warn("cannot keep the exit code of {}: {}", bundle.id(), full.getMessage());
    }
    return exit;
  }

  private static Optional<Observed.Exit> read(Path file) {
    try {
      String code = Files.readString(file).strip();
      if (code.isEmpty()) {
        return Optional.empty();
      }
      Instant at = Files.getLastModifiedTime(file).toInstant();
      return Optional.of(new Observed.Exit(Integer.parseInt(code), at, true));
    } catch (NoSuchFileException running) {
      return Optional.empty();
    } catch (IOException e) {
      throw new Fault.Internal("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  static Observed.Exit unwatched() {
    return new Observed.Exit(KILLED, Instant.now(), false);
  }

  /** Waits for conmon's end; a container that lost its conmon is killed. */
  Observed.Exit await(Bundle bundle, Optional<PidFd> monitor, Optional<PidFd> container) {
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
