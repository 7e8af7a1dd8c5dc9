package dev.kemas.mount.travel;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks what is in a mount, and chooses what travels. One use. */
final class TreeScan {
  /** Something found: its path below the root, and what it was at that moment. */
  record Found(String path, Stat stat) {
    boolean isFolder() {
      return stat.type() == FileType.DIRECTORY;
    }

    /** A file that was made and never read since has an older time of its last read. */
    Instant used() {
      return stat.accessed().isAfter(stat.modified()) ? stat.accessed() : stat.modified();
    }
  }

  private final LeftOut leftOut;
  private final TravelWatch watch;
  private final List<Found> found = new ArrayList<>();

  TreeScan(LeftOut leftOut, TravelWatch watch) {
    this.leftOut = leftOut;
    this.watch = watch;
  }

  /** What travels, in the order of the paths, a folder before what is in it. */
  List<Found> choose(Directory root, TravelLimits limits) {
    folder(root, "", 1);
    long folders = found.stream().filter(Found::isFolder).count();
    if (folders >= TravelLimits.MOST_ENTRIES) {
      throw new Fault.ResourceExhausted(
          "it has %d folders, more than the %d that may travel"
              .formatted(folders, TravelLimits.MOST_ENTRIES));
    }
    Set<String> kept = newest(limits.mostBytes(), TravelLimits.MOST_ENTRIES - folders);
    List<Found> chosen = new ArrayList<>();
    for (Found one : found) {
      if (one.isFolder() || kept.contains(one.path())) {
        chosen.add(one);
      } else {
        leftOut.add(
            "beyond the %d bytes and %d entries that may travel"
                .formatted(limits.mostBytes(), TravelLimits.MOST_ENTRIES),
            one.path());
      }
    }
    return chosen;
  }

  private Set<String> newest(long bytes, long count) {
    List<Found> files = new ArrayList<>(found.stream().filter(one -> !one.isFolder()).toList());
    files.sort(Comparator.comparing(Found::used).reversed().thenComparing(Found::path));
    Set<String> kept = new HashSet<>();
    long left = bytes;
    for (Found file : files) {
      long size = file.stat().type() == FileType.REGULAR ? file.stat().size() : 0;
      if (size <= left && kept.size() < count) {
        kept.add(file.path());
        left -= size;
      }
    }
    return kept;
  }

  private void folder(Directory directory, String above, int depth) {
    watch.check();
    List<Directory.Entry> entries = new ArrayList<>(directory.list());
    entries.sort(Comparator.comparing(Directory.Entry::name));
    for (Directory.Entry entry : entries) {
      String path = above + entry.name();
      if (found.size() >= TravelLimits.MOST_SCANNED) {
        leftOut.add("beyond the first %d entries".formatted(TravelLimits.MOST_SCANNED), path);
        return;
      }
      Optional<Stat> stat = directory.stat(entry.name());
      if (stat.isEmpty() || stat.get().mountRoot()) {
        continue;
      }
      if (!IndexCheck.isText(path) || path.length() > TravelLimits.MOST_PATH) {
        leftOut.add("for their names", IndexCheck.isText(path) ? path : above + "?");
        continue;
      }
      switch (stat.get().type()) {
        case REGULAR, SYMLINK -> found.add(new Found(path, stat.get()));
        case DIRECTORY -> descend(directory, entry.name(), new Found(path, stat.get()), depth);
        default -> leftOut.add("neither files, folders nor links", path);
      }
    }
  }

  private void descend(Directory directory, String name, Found folder, int depth) {
    if (depth >= TravelLimits.MOST_DEPTH) {
      leftOut.add("folders too deep", folder.path());
      return;
    }
    try (Directory inside = directory.openDirectory(name)) {
      found.add(folder);
      folder(inside, folder.path() + "/", depth + 1);
    } catch (Fault.NotFound e) {
      leftOut.add("gone while it was read", folder.path());
    }
  }
}
