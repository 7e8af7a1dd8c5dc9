package dev.kemas.daemon;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The file that holds the daemon's process id. */
final class PidFile implements AutoCloseable {
  private final Path file;

  private PidFile(Path file) {
    this.file = file;
  }

  /**
   * Writes it.
   *
   * @throws Fault.Conflict when it names a process that lives
   */
  static PidFile write(Path file) {
    try {
      Optional<Long> other = read(file);
      if (other.filter(PidFile::lives).isPresent()) {
        throw new Fault.Conflict(
            "process with PID "
                + other.get()
                + " is still running: see "
                + file
                + ", or choose another file with --pidfile");
      }
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(file, Long.toString(ProcessHandle.current().pid()));
      return new PidFile(file);
    } catch (IOException e) {
      throw new Fault.Internal("cannot write the pid file " + file + ": " + e, e);
    }
  }

  private static Optional<Long> read(Path file) throws IOException {
    try {
      return Optional.of(Long.parseLong(Files.readString(file).strip()));
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** A process id is used again, so the other one must be a daemon too. */
  private static boolean lives(long pid) {
    return pid != ProcessHandle.current().pid()
        && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()
        && commandLine(pid).contains("dev.kemas.daemon");
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
    } catch (IOException e) {
      return ""; // it ended meanwhile
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new Fault.Internal("cannot remove the pid file " + file + ": " + e, e);
    }
  }
}
