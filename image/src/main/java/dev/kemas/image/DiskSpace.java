package dev.kemas.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** How much fits on the disk that images lie on. */
final class DiskSpace {
  /** What is left to everybody else: the daemon's records, containers' output. */
  private static final long RESERVE = 64L << 20;

  private final LongSupplier usable;

  DiskSpace(LongSupplier usable) {
    this.usable = usable;
  }

  /** Of the disk that a folder is on, or will be on. */
  static DiskSpace of(Path folder) {
    return new DiskSpace(() -> {
      Path there = folder.toAbsolutePath();
      for (Path above = there.getParent();
          above != null && !Files.exists(there);
          above = there.getParent()) {
        there = above;
      }
      try {
        return Files.getFileStore(there).getUsableSpace();
      } catch (IOException e) {
        return Long.MAX_VALUE; // who writes finds out
      }
    });
  }

  /** Bytes that may be written. */
  long free() {
    return Math.max(0, usable.getAsLong() - RESERVE);
  }
}
