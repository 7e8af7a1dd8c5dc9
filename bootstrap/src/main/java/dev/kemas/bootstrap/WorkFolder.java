package dev.kemas.bootstrap;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A folder in which an image is made. It goes with its image, or at the next start. */
final class WorkFolder implements AutoCloseable {
  private static final String PREFIX = "bootstrap-";
  private static final int END_SECONDS = 10;

  private final Path cache;
  private final Path path;

  private WorkFolder(Path cache, Path path) {
    this.cache = cache;
    this.path = path;
  }

  static WorkFolder in(Path cache) {
    try {
      Files.createDirectories(cache);
      return new WorkFolder(cache, Files.createTempDirectory(cache, PREFIX));
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot make a folder in " + cache + ": " + e.getMessage(), e);
    }
  }

  /** Removes what a process left that was killed, and ends what still works in there. */
  static void removeLeft(Path cache) {
    if (!Files.isDirectory(cache)) {
      return;
    }
    try (Stream<Path> found = Files.list(cache)) {
      for (Path left : found.filter(WorkFolder::isOne).toList()) {
        endProcesses(left);
        remove(cache, left);
      }
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot list " + cache + ": " + e.getMessage(), e);
    }
  }

  private static boolean isOne(Path path) {
    return path.getFileName().toString().startsWith(PREFIX);
  }

  /** The name of such a folder is in the command line of whoever works in it, and nowhere else. */
  private static void endProcesses(Path folder) {
    List<ProcessHandle> working =
        ProcessHandle.allProcesses()
            .filter(p -> p.info().commandLine().orElse("").contains(folder.toString()))
            .toList();
    working.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle process : working) {
      try {
        process.onExit().get(END_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Fault.Cancelled("interrupted while process " + process.pid() + " was ended");
      } catch (ExecutionException | TimeoutException e) {
        throw new Fault.Unavailable(
            "process " + process.pid() + " works in " + folder + " and does not end: end it", e);
      }
    }
  }

  private static void remove(Path cache, Path folder) {
    try (Directory above = Directory.open(cache)) {
      above.removeTree(folder.getFileName().toString());
    }
  }

  Path path() {
    return path;
  }

  /** Removes it. */
  @Override
  public void close() {
    remove(cache, path);
  }
}
