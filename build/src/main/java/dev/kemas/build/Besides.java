package dev.kemas.build;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Folders beside an overlay's upper folder, for what comes into it once the overlay is unmounted:
 * what happens in an upper folder while it is mounted is undefined (kernel documentation,
 * filesystems/overlayfs, "Changes to underlying filesystems"). They lie in the snapshot's own
 * folder, so that they go with it. One thread at a time.
 */
final class Besides {
  private static final String NAME = "beside";

  private final Path upper;
  private final Path place;
  private final Map<String, String> folders = new LinkedHashMap<>();
  private final Map<String, String> links = new LinkedHashMap<>();

  private Besides(Path upper, Path place) {
    this.upper = upper;
    this.place = place;
  }

  /** None yet for this upper folder. */
  static Besides of(Path upper) {
    Path place = upper.resolveSibling(NAME);
    make(place);
    return new Besides(upper, place);
  }

  private static void link(RootDir root, String first, String second) {
    int slash = first.lastIndexOf('/');
    try (Directory directory = root.openDirectory(first.substring(0, Math.max(0, slash)))) {
      RootDir.Place place = root.at(second);
      Stat before = place.directory().stat();
      place.directory().unlink(place.name());
      place.directory().link(directory, first.substring(slash + 1), place.name());
      place.directory().self().times(before.accessed(), before.modified());
    }
  }

  private static void make(Path folder) {
    try {
      Files.createDirectory(folder);
    } catch (IOException e) {
      throw new Fault.Internal("cannot make " + folder + ": " + e.getMessage(), e);
    }
  }

  /** The folder for the new entries of a directory. */
  Path folder(String directory) {
    String known = folders.get(directory);
    if (known == null) {
      known = String.valueOf(folders.size());
      make(place.resolve(known));
      folders.put(directory, known);
    }
    return place.resolve(known);
  }

  /** The second is to be a hard link of the first. */
  void link(String first, String second) {
    links.put(second, first);
  }

  /** Moves all in, which leaves the times of the directories as they are. */
  void moveIn() {
    try (RootDir into = RootDir.open(upper);
        Directory from = Directory.open(place)) {
      folders.forEach((directory, folder) -> {
        try (Directory source = from.openDirectory(folder);
            Directory target = into.openDirectory(directory)) {
          Stat before = target.stat();
          for (Directory.Entry entry : source.list()) {
            source.rename(entry.name(), target, entry.name(), Directory.Rename.KEEP);
          }
          target.self().times(before.accessed(), before.modified());
        }
        from.rmdir(folder);
      });
      links.forEach((second, first) -> link(into, first, second));
    }
    try {
      Files.delete(place);
    } catch (IOException e) {
      throw new Fault.Internal("cannot remove " + place + ": " + e.getMessage(), e);
    }
  }
}
