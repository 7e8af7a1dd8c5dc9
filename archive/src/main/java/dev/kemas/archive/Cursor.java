package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory that entries are being put into, and those above it, held open: archives name
 * neighbours one after the other, so most entries cost no walk. Each step down opens one component
 * without following links; only where that fails is it looked at why.
 *
 * <p>A directory's time is set when the cursor leaves it, since every entry put into it changes it.
 */
final class Cursor implements AutoCloseable {
  static final String OPAQUE = "trusted.overlay.opaque";
  private static final byte[] YES = {'y'};

  private final Directory root;
  private final boolean overlay;
  private final LinkPolicy links;
  private final List<Level> levels = new ArrayList<>();
  private final TreeMap<String, Instant> times = new TreeMap<>();

  /**
   * @param restored the time to set again when it is left: it is another name of a directory that
   *     may be finished already
   */
  private record Level(String name, String path, Directory directory, @Nullable Instant restored) {}

  /**
   * @param overlay whether a directory that takes a whiteout's place is to be opaque
   */
  Cursor(Directory root, boolean overlay, LinkPolicy links) {
    this.root = root;
    this.overlay = overlay;
    this.links = links;
  }

  Directory root() {
    return root;
  }

  /** The directory that an entry belongs into; missing ones on the way are made. */
  Directory enter(EntryName entry) {
    List<String> parts = entry.parts();
    int wanted = parts.size() - 1;
    int common = 0;
    while (common < levels.size()
        && common < wanted
        && levels.get(common).name().equals(parts.get(common))) {
      common++;
    }
    while (levels.size() > common) {
      leave();
    }
    for (int i = common; i < wanted; i++) {
      descend(parts.get(i), entry);
    }
    return present();
  }

  /** Whether the entries of this path's directory were put there last. */
  boolean isAt(String path) {
    return !levels.isEmpty()
        && levels.getLast().restored() == null
        && levels.getLast().path().equals(path);
  }

  Directory present() {
    return levels.isEmpty() ? root : levels.getLast().directory();
  }

  private void descend(String name, EntryName entry) {
    Directory above = present();
    String path = levels.isEmpty() ? name : levels.getLast().path() + "/" + name;
    Level level;
    try {
      level = new Level(name, path, above.openDirectory(name), null);
    } catch (Fault.NotFound | Fault.InvalidArgument e) {
      level = obstacle(above, name, path, entry, e);
    }
    levels.add(level);
  }

  private Level obstacle(
      Directory above, String name, String path, EntryName entry, Fault failure) {
    Optional<Stat> found = above.stat(name);
    if (found.isEmpty()) {
      above.mkdir(name, 0755);
      above.chmod(name, 0755);
    } else if (overlay && isWhiteout(found.get())) {
      replaceWhiteout(above, name);
      above.chmod(name, 0755);
    } else if (found.get().type() == FileType.SYMLINK) {
      Directory target = links.follow(root, path, entry.path());
      return new Level(name, path, target, target.stat().modified());
    } else {
      throw new Fault.InvalidArgument(
          "archive entry \"" + entry.path() + "\" lies in \"" + path + "\", which is no directory",
          failure);
    }
    return new Level(name, path, above.openDirectory(name), null);
  }

  static boolean isWhiteout(Stat stat) {
    return stat.type() == FileType.CHARACTER_DEVICE
        && stat.specialMajor() == 0
        && stat.specialMinor() == 0;
  }

  /** What was removed and made anew as a directory shows nothing of what was there below. */
  void replaceWhiteout(Directory directory, String name) {
    directory.unlink(name);
    directory.mkdir(name, 0700);
    directory.setXattr(name, OPAQUE, YES);
  }

  static void makeOpaque(Directory directory, String name) {
    directory.setXattr(name, OPAQUE, YES);
  }

  /** Has a directory's time set when everything is in it; the empty path is the root. */
  void finishWith(String path, Instant modified) {
    times.put(path, modified);
  }

  /** A directory is gone, with all beneath it. */
  void forget(String path) {
    times.remove(path);
    // '0' follows '/'
    times.subMap(path + "/", path + "0").clear();
  }

  private void leave() {
    Level level = levels.removeLast();
    try (Directory directory = level.directory()) {
      Instant known = level.restored() == null ? times.get(level.path()) : level.restored();
      if (known != null) {
        directory.self().times(known, known);
      }
    }
  }

  /** Sets the times that are still to be set. */
  void finish() {
    while (!levels.isEmpty()) {
      leave();
    }
    Instant known = times.get("");
    if (known != null) {
      root.self().times(known, known);
    }
  }

  /** Closes what is open; the root stays open. */
  @Override
  public void close() {
    levels.forEach(l -> l.directory().close());
    levels.clear();
  }
}
