package dev.kemas.volume;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import java.util.HashMap;
import java.util.Map;

/**
 * Copies a tree entry by entry: owners, modes, times, attributes, links among its files, devices.
 * Follows no symbolic link and does not enter mounts, so hostile content leads nowhere.
 */
final class TreeCopy {
  /** Attributes that tell about the layer the entry came from, not about the entry. */
  private static final String OVERLAY = "trusted.overlay.";

  private record Inode(int major, int minor, long number) {}

  private final RootDir target;
  private final Map<Inode, String> linked = new HashMap<>();

  private TreeCopy(RootDir target) {
    this.target = target;
  }

  /** Copies all entries of a directory into a root that nobody else changes. */
  static void contents(Directory from, RootDir into) {
    new TreeCopy(into).directory(from, into.root(), "");
  }

  private void directory(Directory from, Directory to, String path) {
    for (Directory.Entry entry : from.list()) {
      from.stat(entry.name()).ifPresent(stat -> entry(from, to, path, entry.name(), stat));
    }
  }

  private void entry(Directory from, Directory to, String path, String name, Stat stat) {
    String where = path + "/" + name;
    switch (stat.type()) {
      case DIRECTORY -> {
        to.mkdir(name, 0700);
        if (!stat.mountRoot()) {
          try (Directory source = from.openDirectory(name);
              Directory made = to.openDirectory(name)) {
            directory(source, made, where);
          }
        }
      }
      case REGULAR -> {
        if (link(to, where, name, stat)) {
          return;
        }
        try (OpenFile source = from.openForRead(name);
            OpenFile made = to.create(name, 0600)) {
          made.copyFrom(source);
        }
      }
      case SYMLINK -> {
        if (link(to, where, name, stat)) {
          return;
        }
        to.symlink(from.readlink(name), name);
      }
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> {
        if (link(to, where, name, stat)) {
          return;
        }
        to.mknod(name, stat.type(), 0600, stat.specialMajor(), stat.specialMinor());
      }
      case UNKNOWN ->
          throw new Fault.Unsupported("cannot copy " + where + ": a file of an unknown type");
    }
    describe(from, to, name, stat);
  }

  /** Whether the same file was copied before; then it is linked. */
  private boolean link(Directory to, String where, String name, Stat stat) {
    if (stat.links() < 2) {
      return false;
    }
    Inode inode = new Inode(stat.deviceMajor(), stat.deviceMinor(), stat.inode());
    String known = linked.putIfAbsent(inode, where);
    if (known == null) {
      return false;
    }
    RootDir.Place place = target.at(known);
    to.link(place.directory(), place.name(), name);
    return true;
  }

  private static void describe(Directory from, Directory to, String name, Stat stat) {
    to.chown(name, stat.uid(), stat.gid());
    if (stat.type() != FileType.SYMLINK) {
      to.chmod(name, stat.permissions());
    }
    from.xattrs(name).forEach((attribute, value) -> attribute(to, name, attribute, value));
    to.times(name, stat.accessed(), stat.modified());
  }

  private static void attribute(Directory to, String name, String attribute, byte[] value) {
    if (!attribute.startsWith(OVERLAY)) {
      to.setXattr(name, attribute, value);
    }
  }

  /** Gives an entry, by its name, the owner, mode, attributes and times of a directory. */
  static void attributes(OpenFile source, Directory parent, String name) {
    Stat stat = source.stat();
    parent.chown(name, stat.uid(), stat.gid());
    parent.chmod(name, stat.permissions());
    source.xattrs().forEach((attribute, value) -> attribute(parent, name, attribute, value));
    parent.times(name, stat.accessed(), stat.modified());
  }
}
