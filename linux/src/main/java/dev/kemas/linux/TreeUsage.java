package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a tree takes on the disk, as {@code du -x} counts it: the blocks of everything in it and of
 * its root, a file with several names once, nothing that is mounted in it.
 *
 * @param bytes allocated, in bytes
 * @param inodes files, folders and all other entries, the root among them
 */
public record TreeUsage(long bytes, long inodes) {
  private static final int FLAGS = Abi.O_RDONLY | Abi.O_DIRECTORY | Abi.O_NOFOLLOW;

  /**
   * Counts by a walk. Others may change the tree meanwhile: what comes or goes is counted or not.
   * One directory is open at a time, however deep the tree is.
   *
   * @throws Fault.NotFound when there is no such directory
   */
  public static TreeUsage of(Path root) {
    try (Walk walk = new Walk(Directory.open(root))) {
      return walk.count();
    }
  }

  /** A directory above the one that is open, and which of its directories are still to be seen. */
  private record Level(Stat directory, Iterator<String> left) {}

  private static final class Walk implements AutoCloseable {
    private final Set<Long> linked = new HashSet<>();
    private final String root;
    private final Deque<Level> above = new ArrayDeque<>();
    private Directory here;
    private long bytes;
    private long inodes;

    Walk(Directory root) {
      this.here = root;
      this.root = root.descriptor().what();
    }

    TreeUsage count() {
      Stat root = here.stat();
      add(root);
      above.push(new Level(root, directories()));
      while (!above.isEmpty()) {
        Level level = above.element();
        if (level.left().hasNext()) {
          descend(level.left().next());
        } else {
          above.pop();
          if (!above.isEmpty()) {
            climb();
          }
        }
      }
      return new TreeUsage(bytes, inodes);
    }

    private Iterator<String> directories() {
      List<String> found = new ArrayList<>();
      for (Directory.Entry entry : here.list()) {
        Optional<Stat> stat = here.stat(entry.name()).filter(s -> !s.mountRoot());
        stat.ifPresent(this::add);
        if (stat.filter(s -> s.type() == FileType.DIRECTORY).isPresent()) {
          found.add(entry.name());
        }
      }
      return found.iterator();
    }

    private void descend(String name) {
      Directory below;
      try {
        below = here.openDirectory(name);
      } catch (Fault.NotFound goneMeanwhile) {
        return;
      }
      here.close();
      here = below;
      above.push(new Level(here.stat(), directories()));
    }

    /** A directory that was moved meanwhile has another one above it: the walk ends there. */
    private void climb() {
      Directory parent = parent();
      here.close();
      here = parent;
      if (!here.stat().isSameFile(above.element().directory())) {
        above.clear();
      }
    }

    private Directory parent() {
      int fd = here.descriptor().enter();
      try (Scratch s = Scratch.take()) {
        int r = FileCalls.openat2(s, fd, s.string(".."), FLAGS, FileCalls.RESOLVE_NO_XDEV);
        if (r < 0) {
          throw Failure.of(r, "openat2", here.descriptor().what(), "..");
        }
        return new Directory(new Descriptor(r, root));
      } finally {
        here.descriptor().leave();
      }
    }

    private void add(Stat stat) {
      boolean counted =
          stat.links() > 1 && stat.type() != FileType.DIRECTORY && !linked.add(stat.inode());
      if (!counted) {
        bytes += stat.blocks() * 512;
        inodes++;
      }
    }

    @Override
    public void close() {
      here.close();
    }
  }
}
