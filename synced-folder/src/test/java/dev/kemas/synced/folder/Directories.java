package dev.kemas.synced.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What lies in a directory. */
final class Directories {
  private Directories() {}

  /** The one entry. */
  static Path only(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      List<Path> found = all.toList();
      if (found.size() != 1) {
        throw new AssertionError(directory + " has " + found);
      }
      return found.getFirst();
    }
  }
}
