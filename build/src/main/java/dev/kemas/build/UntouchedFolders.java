package dev.kemas.build;

import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Clears an overlay's upper folder of directories that are in it only because something was made in
 * them and taken away again. The overlay must not be mounted.
 */
final class UntouchedFolders {
  private static final String OPAQUE = "trusted.overlay.opaque";

  private UntouchedFolders() {}

  /** Removes each that is empty and as it was; the deepest first, since that empties others. */
  static void remove(Path upper, Map<String, Stat> touched) {
    if (touched.isEmpty()) {
      return;
    }
    List<String> paths =
        touched.keySet().stream()
            .filter(path -> !path.isEmpty())
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    try (RootDir root = RootDir.open(upper)) {
      for (String path : paths) {
        Stat before = touched.get(path);
        if (before == null || root.stat(path).isEmpty()) {
          continue;
        }
        RootDir.Place place = root.at(path);
        Optional<Stat> now = place.directory().stat(place.name());
        if (now.isPresent() && isSame(before, now.get()) && isEmpty(place)) {
          place.directory().rmdir(place.name());
          root.forget();
        }
      }
    }
  }

  /** Whether there is no change at all. */
  static boolean isEmpty(Path upper) {
    try (Directory directory = Directory.open(upper)) {
      return directory.list().isEmpty();
    }
  }

  private static boolean isSame(Stat before, Stat now) {
    return now.type() == FileType.DIRECTORY
        && now.mode() == before.mode()
        && now.uid() == before.uid()
        && now.gid() == before.gid()
        && now.modified().equals(before.modified());
  }

  private static boolean isEmpty(RootDir.Place place) {
    try (Directory directory = place.directory().openDirectory(place.name())) {
      return directory.list().isEmpty() && place.directory().xattr(place.name(), OPAQUE).isEmpty();
    }
  }
}
