package dev.kemas.snapshot;

import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Counts what a tree takes on the disk, as du(1) does. */
final class TreeUsage {
  private final Set<Long> linked = new HashSet<>();
  private long bytes;
  private long inodes;

  private TreeUsage() {}

  static Usage of(Path root) {
    TreeUsage counter = new TreeUsage();
    try (Directory directory = Directory.open(root)) {
      counter.add(directory.stat());
      counter.contents(directory);
    }
    return new Usage(counter.bytes, counter.inodes);
  }

  private void contents(Directory root) {
    Deque<Directory> left = new ArrayDeque<>();
    left.push(root);
    try {
      while (!left.isEmpty()) {
        Directory directory = left.pop();
        try {
          for (Directory.Entry entry : directory.list()) {
            Optional<Stat> stat = directory.stat(entry.name());
            stat.ifPresent(this::add);
            if (stat.filter(s -> s.type() == FileType.DIRECTORY && !s.mountRoot()).isPresent()) {
              left.push(directory.openDirectory(entry.name()));
            }
          }
        } finally {
          if (directory != root) {
            directory.close();
          }
        }
      }
    } finally {
      left.stream().filter(d -> d != root).forEach(Directory::close);
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
}
