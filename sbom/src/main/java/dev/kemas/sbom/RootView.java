package dev.kemas.sbom;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A hostile file system, read without ever leaving it: names are resolved beneath the root by the
 * kernel, only regular files are opened, and no more of one is read than was asked for. One thread
 * at a time.
 */
final class RootView implements AutoCloseable {
  private static final Set<String> KERNELS = Set.of("proc", "sys", "dev");
  private static final int CHUNK = 1 << 16;

  private final RootDir root;
  private final ScanLimits limits;
  private final Findings findings;
  private long entries;

  RootView(RootDir root, ScanLimits limits, Findings findings) {
    this.root = root;
    this.limits = limits;
    this.findings = findings;
  }

  /** Told of each regular file of a walk. */
  interface Visitor {
    /**
     * One file.
     *
     * @param path absolute
     */
    void file(Directory directory, String name, String path);
  }

  /** Whether a path leads to a regular file. */
  boolean isFile(String path) {
    return root.stat(path).filter(s -> s.type() == FileType.REGULAR).isPresent();
  }

  /** The names in a folder, sorted; none when it is not there. */
  List<String> names(String path) {
    if (root.stat(path).filter(s -> s.type() == FileType.DIRECTORY).isEmpty()) {
      return List.of();
    }
    try (Directory folder = root.openDirectory(path)) {
      return folder.list().stream().map(Directory.Entry::name).sorted().toList();
    }
  }

  /**
   * A whole file, links beneath the root followed; empty when it is not there or not to be read.
   */
  Optional<byte[]> read(String path, long most) {
    return open(path, most)
        .map(file -> {
          try (file) {
            return content(file);
          }
        });
  }

  /** Opens a regular file of at most so many bytes; the caller closes it. */
  Optional<OpenFile> open(String path, long most) {
    // a device is not even opened: that alone may do something
    Optional<Stat> there = root.stat(path);
    if (there.isEmpty()) {
      return Optional.empty();
    }
    if (there.get().type() != FileType.REGULAR) {
      findings.remark("/" + path, "is not a regular file and is not read");
      return Optional.empty();
    }
    return small("/" + path, there.get(), most)
        ? Optional.of(root.openForRead(path))
        : Optional.empty();
  }

  /** As {@link #read(String, long)}, of an entry of a walk. */
  Optional<byte[]> read(Directory directory, String name, String path, long most) {
    return open(directory, name, path, most)
        .map(file -> {
          try (file) {
            return content(file);
          }
        });
  }

  /** As {@link #open(String, long)}, of an entry of a walk. */
  Optional<OpenFile> open(Directory directory, String name, String path, long most) {
    return directory
            .stat(name)
            .filter(s -> s.type() == FileType.REGULAR && small(path, s, most))
            .isPresent()
        ? Optional.of(directory.openForRead(name))
        : Optional.empty();
  }

  private boolean small(String path, Stat stat, long most) {
    if (stat.size() > most) {
      findings.remark(
          path, "has " + stat.size() + " bytes, more than the " + most + " that are read");
    }
    return stat.size() <= most;
  }

  /** As much as the file had when it was opened: one that grows is not followed. */
  private static byte[] content(OpenFile file) {
    long size = file.stat().size();
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) size);
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHUNK, Math.max(1, size)));
    while (out.size() < size) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), size - out.size()));
      if (file.read(buffer) < 0) {
        break;
      }
      out.write(buffer.array(), 0, buffer.position());
    }
    return out.toByteArray();
  }

  /** Shows every regular file, folder by folder, names sorted; links are not followed. */
  void walk(Visitor visitor) {
    walk(root.root(), "", 0, visitor);
  }

  private void walk(Directory directory, String path, int depth, Visitor visitor) {
    List<Directory.Entry> listed = new ArrayList<>(directory.list());
    listed.sort(Comparator.comparing(Directory.Entry::name));
    for (Directory.Entry entry : listed) {
      if (++entries > limits.entries()) {
        if (entries == limits.entries() + 1) {
          findings.remark(
              path + "/", "more than " + limits.entries() + " files: the rest is not looked at");
        }
        return;
      }
      String name = entry.name();
      String here = path + "/" + name;
      try {
        switch (type(directory, entry)) {
          case REGULAR -> visitor.file(directory, name, here);
          case DIRECTORY -> enter(directory, name, here, depth, visitor);
          case SYMLINK, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET, UNKNOWN -> {}
        }
      } catch (Fault.NotFound | Fault.Forbidden | Fault.InvalidArgument | Fault.Unavailable e) {
        findings.remark(here, "cannot be read: " + e.getMessage());
      }
    }
  }

  private static FileType type(Directory directory, Directory.Entry entry) {
    return entry.type() == FileType.UNKNOWN
        ? directory.stat(entry.name()).map(Stat::type).orElse(FileType.UNKNOWN)
        : entry.type();
  }

  private void enter(Directory directory, String name, String path, int depth, Visitor visitor) {
    if (depth == 0 && KERNELS.contains(name)) {
      return; // the kernel's, if anything is there
    }
    if (depth >= limits.depth()) {
      findings.remark(path, "folders deeper than " + limits.depth() + " are not looked at");
      return;
    }
    try (Directory inner = directory.openDirectory(name)) {
      walk(inner, path, depth + 1, visitor);
    }
  }

  @Override
  public void close() {
    root.close();
  }
}
