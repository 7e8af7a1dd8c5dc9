package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.util.Optional;

/**
 * Copies a tree with everything that belongs to it: types, modes, owners, times to the nanosecond,
 * extended attributes, hard links among its files, holes. Blocks are shared where the file system
 * can (FICLONE). What is mounted in the tree is not entered. Sockets are left out.
 */
public final class TreeCopy {
  /** Each level holds two descriptors; a real tree is a tenth as deep. */
  private static final int DEEPEST = 400;

  private final Directory target;
  private final boolean shared;
  private final FirstNames copied = new FirstNames();

  private TreeCopy(Directory target, boolean shared) {
    this.target = target;
    this.shared = shared;
  }

  /**
   * Copies what is in a directory into another one, which is empty, and gives it the first one's
   * attributes.
   *
   * @throws Fault.InvalidArgument for a tree nested deeper than 400 directories
   */
  public static void copy(Directory source, Directory target) {
    TreeCopy copy = new TreeCopy(target, false);
    copy.contents(source, target, "", 0);
    copy.attributes(source.self(), target.self());
  }

  /**
   * The same for a tree in which nobody ever changes a file in place: where the file system can,
   * both have the same files, each with one name more. The target keeps its own attributes.
   *
   * @throws Fault.InvalidArgument for a tree nested deeper than 400 directories
   */
  public static void share(Directory source, Directory target) {
    new TreeCopy(target, true).contents(source, target, "", 0);
  }

  private void contents(Directory from, Directory to, String path, int depth) {
    if (depth > DEEPEST) {
      throw new Fault.InvalidArgument(
          from + " is nested deeper than " + DEEPEST + " directories and cannot be copied");
    }
    for (Directory.Entry entry : from.list()) {
      String name = entry.name();
      Stat stat =
          from.stat(name)
              .orElseThrow(() -> new Fault.Conflict(name + " went away while it was copied"));
      String below = path.isEmpty() ? name : path + "/" + name;
      if (stat.type() == FileType.DIRECTORY) {
        to.mkdir(name, 0700);
        try (Directory source = from.openDirectory(name);
            Directory copy = to.openDirectory(name)) {
          if (!stat.mountRoot()) {
            contents(source, copy, below, depth + 1);
          }
          attributes(source.self(), copy.self());
        }
      } else if (stat.type() != FileType.SOCKET) {
        boolean there =
            (shared && to.linkIfPossible(from, name, name)) || linked(stat, to, name, below);
        if (!there) {
          one(from, to, name, stat);
        }
      }
    }
  }

  private boolean linked(Stat stat, Directory to, String name, String path) {
    if (stat.links() < 2) {
      return false;
    }
    Optional<String> known = copied.of(stat, path);
    if (known.isEmpty()) {
      return false;
    }
    String first = known.get();
    int slash = first.lastIndexOf('/');
    try (Directory in =
        Resolution.NO_LINKS.open(target, slash < 0 ? "" : first.substring(0, slash))) {
      to.link(in, first.substring(slash + 1), name);
    }
    return true;
  }

  private void one(Directory from, Directory to, String name, Stat stat) {
    switch (stat.type()) {
      case REGULAR -> {
        try (OpenFile source = from.openForRead(name);
            OpenFile copy = to.create(name, 0600)) {
          SparseCopy.copy(source, copy, stat);
          attributes(source, copy);
        }
        return;
      }
      case SYMLINK -> to.symlink(from.readlink(name), name);
      default -> to.mknod(name, stat.type(), 0600, stat.specialMajor(), stat.specialMinor());
    }
    to.chown(name, stat.uid(), stat.gid());
    if (stat.type() != FileType.SYMLINK) {
      to.chmod(name, stat.permissions());
    }
    from.xattrs(name).forEach((key, value) -> to.setXattr(name, key, value));
    to.times(name, stat.accessed(), stat.modified());
  }

  private void attributes(OpenFile from, OpenFile to) {
    Stat stat = from.stat();
    to.chown(stat.uid(), stat.gid());
    to.chmod(stat.permissions());
    from.xattrs().forEach(to::setXattr);
    to.times(stat.accessed(), stat.modified());
  }
}
