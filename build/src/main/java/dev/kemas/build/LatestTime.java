package dev.kemas.build;

import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import dev.kemas.snapshot.Changes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Turns the times of changed files back to an instant where they are later
 * (reproducible-builds.org, "SOURCE_DATE_EPOCH"): in the file system itself, so that who builds
 * upon it sees what is in the layer. The file system must not be mounted.
 */
final class LatestTime {
  private LatestTime() {}

  static void limit(Changes changes, Instant latest) {
    switch (changes) {
      case Changes.OverlayUpper(Path upper) -> limit(Optional.empty(), upper, latest);
      case Changes.Trees(Optional<Path> lower, Path upper) -> limit(lower, upper, latest);
    }
  }

  private static void limit(Optional<Path> lower, Path upper, Instant latest) {
    try (Directory after = Directory.open(upper)) {
      if (lower.isPresent()) {
        try (Directory before = Directory.open(lower.get())) {
          limit(Optional.of(before), after, latest);
        }
      } else {
        limit(Optional.<Directory>empty(), after, latest);
      }
    }
  }

  private static void limit(Optional<Directory> before, Directory after, Instant latest) {
    for (Directory.Entry entry : after.list()) {
      String name = entry.name();
      Optional<Stat> old = before.flatMap(directory -> directory.stat(name));
      Optional<Stat> now = after.stat(name);
      if (now.isEmpty()) {
        continue;
      }
      if (now.get().type() == FileType.DIRECTORY) {
        boolean both = old.filter(stat -> stat.type() == FileType.DIRECTORY).isPresent();
        try (Directory child = after.openDirectory(name)) {
          if (both && before.isPresent()) {
            try (Directory same = before.get().openDirectory(name)) {
              limit(Optional.of(same), child, latest);
            }
          } else {
            limit(Optional.empty(), child, latest);
          }
        }
      }
      boolean changed = old.filter(s -> s.modified().equals(now.get().modified())).isEmpty();
      if (changed && now.get().modified().isAfter(latest)) {
        after.times(name, latest, latest);
      }
    }
  }
}
