package dev.kemas.snapshot;

import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.Stat;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Counts what a folder takes on its disk. */
final class DiskUsage {
  private static final int BLOCK = 512;

  private final Set<Long> linked = new HashSet<>();
  private long bytes;
  private long inodes;

  private DiskUsage() {}

  static Usage of(Path folder) {
    DiskUsage usage = new DiskUsage();
    try (Directory directory = Directory.open(folder)) {
      usage.add(directory.stat());
      usage.walk(directory);
    }
    return new Usage(usage.bytes, usage.inodes);
  }

  private void walk(Directory directory) {
    for (Directory.Entry entry : directory.list()) {
      directory.stat(entry.name()).ifPresent(this::add);
      if (entry.type() == FileType.DIRECTORY) {
        try (Directory below = directory.openDirectory(entry.name())) {
          walk(below);
        }
      }
    }
  }

  private void add(Stat stat) {
    if (stat.type() == FileType.DIRECTORY || stat.links() == 1 || linked.add(stat.inode())) {
      bytes += stat.blocks() * BLOCK;
      inodes++;
    }
  }
}
