package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Removes a tree without recursion. Each directory is opened from its parent without following
 * links and without crossing a mount (openat2(2), RESOLVE_NO_XDEV), so that neither a link planted
 * in it nor a mount left behind leads outside. A chain too deep for the open-file limit is cut:
 * what lies deeper is moved up beside the first directory and removed from there.
 */
final class TreeRemoval {
  private static final int DEEPEST = 64;
  private static final int FLAGS = Abi.O_RDONLY | Abi.O_DIRECTORY | Abi.O_NOFOLLOW;
  private static final int RESOLVE =
      FileCalls.RESOLVE_NO_XDEV | FileCalls.RESOLVE_NO_SYMLINKS | FileCalls.RESOLVE_BENEATH;

  private TreeRemoval() {}

  /** An open directory of the chain and what of it is not removed yet. */
  private record Level(Directory directory, String name, Iterator<Directory.Entry> left) {}

  static void remove(Directory parent, String name) {
    if (removePlain(parent, name)) {
      return;
    }
    Deque<Level> chain = new ArrayDeque<>();
    int moved = 0;
    try {
      chain.push(level(parent, name));
      while (!chain.isEmpty()) {
        Level top = chain.element();
        if (!top.left().hasNext()) {
          chain.pop();
          top.directory().close();
          Directory above = chain.isEmpty() ? parent : chain.element().directory();
          if (!finish(above, top.name())) {
            chain.push(level(above, top.name()));
          }
          continue;
        }
        Directory.Entry entry = top.left().next();
        if (entry.type() != FileType.DIRECTORY && removePlain(top.directory(), entry.name())) {
          continue;
        }
        if (chain.size() < DEEPEST) {
          chain.push(level(top.directory(), entry.name()));
        } else {
          // found when the first directory of the chain is listed again
          top.directory()
              .rename(
                  entry.name(),
                  chain.getLast().directory(),
                  ".kemas-deep-" + moved++ + "-" + entry.inode(),
                  Directory.Rename.KEEP);
        }
      }
    } finally {
      chain.forEach(l -> l.directory().close());
    }
  }

  /** True when it is gone: it was no directory, or was not there. */
  private static boolean removePlain(Directory directory, String name) {
    int fd = directory.descriptor().enter();
    try (Scratch s = Scratch.take()) {
      int r = FileCalls.UNLINKAT.asInt(s, fd, s.string(name), 0);
      // unlink of a directory: EISDIR on Linux, EPERM where POSIX was followed (unlink(2))
      if (r == -Errno.EISDIR.number()
          || (r == -Errno.EPERM.number() && isDirectory(directory, name))) {
        return false;
      }
      if (r == 0 || r == -Errno.ENOENT.number()) {
        return true;
      }
      throw failure(r, directory, name);
    } finally {
      directory.descriptor().leave();
    }
  }

  private static boolean isDirectory(Directory directory, String name) {
    return directory.stat(name).map(Stat::type).filter(FileType.DIRECTORY::equals).isPresent();
  }

  /** Removes the emptied directory; false when something is in it (again). */
  private static boolean finish(Directory above, String name) {
    int fd = above.descriptor().enter();
    try (Scratch s = Scratch.take()) {
      int r = FileCalls.UNLINKAT.asInt(s, fd, s.string(name), Abi.AT_REMOVEDIR);
      if (r == -Errno.ENOTEMPTY.number()) {
        return false;
      }
      if (r < 0 && r != -Errno.ENOENT.number()) {
        throw failure(r, above, name);
      }
      return true;
    } finally {
      above.descriptor().leave();
    }
  }

  private static Level level(Directory parent, String name) {
    int fd = parent.descriptor().enter();
    try (Scratch s = Scratch.take()) {
      int r = FileCalls.openat2(s, fd, s.string(name), FLAGS, RESOLVE);
      if (r < 0) {
        throw failure(r, parent, name);
      }
      Directory directory =
          new Directory(new Descriptor(r, parent.descriptor().what() + "/" + name));
      List<Directory.Entry> entries;
      try {
        entries = directory.list();
      } catch (Fault e) {
        directory.close();
        throw e;
      }
      return new Level(directory, name, entries.iterator());
    } finally {
      parent.descriptor().leave();
    }
  }

  private static Fault failure(int result, Directory directory, String name) {
    Fault cause = Failure.of(result, "unlinkat", directory.descriptor().what(), name);
    if (result == -Errno.EXDEV.number() || result == -Errno.EBUSY.number()) {
      return new Fault.Conflict(
          "cannot remove "
              + directory.descriptor().what()
              + "/"
              + name
              + ": something is mounted there; unmount it first",
          cause);
    }
    return cause;
  }
}
