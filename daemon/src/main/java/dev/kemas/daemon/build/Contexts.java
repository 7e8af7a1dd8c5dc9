package dev.kemas.daemon.build;

import dev.kemas.archive.Limits;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Folders for the contexts of builds. What a daemon that was killed left is removed at the next
 * start.
 */
public final class Contexts {
  private static final long RESERVE = 256L << 20;
  private static final long MOST_ENTRIES = 5_000_000;

  private final Path root;

  private Contexts(Path root) {
    this.root = root;
  }

  /** Folders below this one, which is emptied. */
  public static Contexts below(Path root) {
    try {
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new Fault.Internal("cannot make " + root + " for build contexts: " + e, e);
    }
    Contexts contexts = new Contexts(root);
    try (Directory all = Directory.open(root)) {
      all.list().forEach(entry -> all.removeTree(entry.name()));
    }
    return contexts;
  }

  /**
   * What an archive of a context may unfold to: what the disk has, less what others need, and as
   * many files as the largest data sets have.
   */
  public Limits limits() {
    try {
      long free = Files.getFileStore(root).getUsableSpace();
      return Limits.of(Math.max(0, free - RESERVE), MOST_ENTRIES);
    } catch (IOException e) {
      throw new Fault.Internal("cannot ask how full the disk of " + root + " is: " + e, e);
    }
  }

  /** A new one. */
  public Folder make() {
    try {
      return new Folder(root, Files.createTempDirectory(root, "context-"));
    } catch (IOException e) {
      throw new Fault.Internal("cannot make a folder for the build context: " + e, e);
    }
  }

  /** A folder that is removed with all in it. */
  public record Folder(Path root, Path path) implements AutoCloseable {
    @Override
    public void close() {
      try (Directory all = Directory.open(root)) {
        all.removeTree(String.valueOf(path.getFileName()));
      }
    }
  }
}
