package dev.kemas.archive;

import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The changes from one tree to another. Two files are the same when type, mode, owner, size, time,
 * attributes and what a link says are; where both times have no nanoseconds, which a tool may have
 * set, the content is compared as well.
 */
final class TreesDiff {
  private final TreeEmitter out;

  /** Folders above the present one that were not written yet: only those above a change are. */
  private final List<Pending> pending = new ArrayList<>();

  private record Pending(Directory directory, String path) {}

  TreesDiff(TreeEmitter out) {
    this.out = out;
  }

  void write(Directory lower, Directory upper) throws IOException {
    if (!sameAttributes(lower.stat(), upper.stat())) {
      out.root(upper);
    }
    contents(lower, upper, "", 0);
  }

  private void contents(Directory lower, Directory upper, String path, int depth)
      throws IOException {
    TreeEmitter.checkDepth(depth, path);
    Map<String, FileType> before = types(lower);
    Map<String, FileType> after = types(upper);
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    for (String name : names) {
      String prefix = path.isEmpty() ? "" : path + "/";
      FileType old = before.get(name);
      FileType now = after.get(name);
      if (now == null) {
        writePending();
        out.whiteout(prefix + Whiteouts.PREFIX + name);
      } else if (old == null || old != now) {
        writePending();
        out.tree(upper, name, now, prefix + name, depth);
      } else if (now == FileType.DIRECTORY) {
        both(lower, upper, name, prefix + name, depth);
      } else if (!same(lower, upper, name, now)) {
        writePending();
        out.entry(upper, name, now, prefix + name);
      }
    }
  }

  private static Map<String, FileType> types(Directory directory) {
    Map<String, FileType> types = new HashMap<>();
    for (Directory.Entry entry : directory.list()) {
      types.put(entry.name(), TreeEmitter.type(directory, entry));
    }
    return types;
  }

  private void both(Directory lower, Directory upper, String name, String path, int depth)
      throws IOException {
    try (Directory before = lower.openDirectory(name);
        Directory after = upper.openDirectory(name)) {
      pending.add(new Pending(after, path));
      if (!sameAttributes(before.stat(), after.stat())
          || !sameXattrs(before.self().xattrs(), after.self().xattrs())) {
        writePending();
      }
      contents(before, after, path, depth + 1);
      if (!pending.isEmpty()) {
        pending.removeLast();
      }
    }
  }

  private void writePending() throws IOException {
    for (Pending folder : pending) {
      out.directory(folder.directory(), folder.path());
    }
    pending.clear();
  }

  private static boolean same(Directory lower, Directory upper, String name, FileType type)
      throws IOException {
    Optional<Stat> before = lower.stat(name);
    Optional<Stat> after = upper.stat(name);
    if (before.isEmpty() || after.isEmpty()) {
      return before.isEmpty() && after.isEmpty();
    }
    Stat old = before.get();
    Stat now = after.get();
    return sameAttributes(old, now)
        && old.size() == now.size()
        && old.specialMajor() == now.specialMajor()
        && old.specialMinor() == now.specialMinor()
        && old.modified().equals(now.modified())
        && sameXattrs(lower.xattrs(name), upper.xattrs(name))
        && (type != FileType.SYMLINK || lower.readlink(name).equals(upper.readlink(name)))
        && (type != FileType.REGULAR
            || !now.modified().equals(now.modified().truncatedTo(ChronoUnit.SECONDS))
            || sameContent(lower, upper, name));
  }

  private static boolean sameAttributes(Stat before, Stat after) {
    return before.mode() == after.mode()
        && before.uid() == after.uid()
        && before.gid() == after.gid();
  }

  private static boolean sameXattrs(Map<String, byte[]> before, Map<String, byte[]> after) {
    Map<String, byte[]> old = TreeEmitter.wanted(before);
    Map<String, byte[]> now = TreeEmitter.wanted(after);
    return old.keySet().equals(now.keySet())
        && old.keySet().stream().allMatch(k -> Arrays.equals(old.get(k), now.get(k)));
  }

  private static boolean sameContent(Directory lower, Directory upper, String name) {
    try (OpenFile before = lower.openForRead(name);
        OpenFile after = upper.openForRead(name)) {
      ByteBuffer old = ByteBuffer.allocate(32 * 1024);
      ByteBuffer now = ByteBuffer.allocate(32 * 1024);
      while (true) {
        fill(before, old.clear());
        fill(after, now.clear());
        if (!old.flip().equals(now.flip())) {
          return false;
        }
        if (!old.hasRemaining()) {
          return true;
        }
      }
    }
  }

  private static void fill(OpenFile file, ByteBuffer into) {
    while (into.hasRemaining() && file.read(into) >= 0) {}
  }
}
