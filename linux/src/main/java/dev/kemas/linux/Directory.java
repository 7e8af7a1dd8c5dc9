package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An open directory and the operations on its entries. A name is one component: not empty, no
 * slash, not {@code .} or {@code ..}; so nothing here can leave the directory, and nothing follows
 * a symbolic link that is the entry itself. Names are bytes, see {@link FileNames}. A failure is a
 * fault that names call, directory, entry and error number; an entry that is not there is {@link
 * Fault.NotFound}, one that is there already {@link Fault.Conflict}.
 *
 * <p>Safe for use by several threads, except that {@link #list} moves the one read position.
 */
public final class Directory implements AutoCloseable {
  private final Descriptor descriptor;

  Directory(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** One entry of a listing. */
  public record Entry(String name, FileType type, long inode) {}

  /** How {@link #rename} treats a target that exists. */
  public enum Rename {
    REPLACE(0),
    KEEP(1),
    EXCHANGE(2);
    private final int flags;

    Rename(int flags) {
      this.flags = flags;
    }
  }

  /** Opens a directory by path, following symbolic links: for trusted paths only. */
  public static Directory open(Path path) {
    try (Scratch s = Scratch.take()) {
      int flags = Abi.O_RDONLY | Abi.O_DIRECTORY | Abi.O_CLOEXEC;
      int fd = FileCalls.OPENAT.asInt(s, Abi.AT_FDCWD, s.string(path.toString()), flags, 0);
      if (fd < 0) {
        throw Failure.of(fd, "openat", path);
      }
      return new Directory(new Descriptor(fd, path.toString()));
    }
  }

  /** The descriptor; closed with this. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /** The directory as an open file, for its own attributes; not to be closed. */
  public OpenFile self() {
    return new OpenFile(descriptor);
  }

  /** What is there under the name, a symbolic link not followed; empty when nothing is. */
  public Optional<Stat> stat(String name) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      MemorySegment x = s.room(Stat.SIZE);
      int r =
          FileCalls.STATX.asInt(
              s, fd, name(s, name), Abi.AT_SYMLINK_NOFOLLOW, Stat.BASIC, x.address());
      if (r == -Errno.ENOENT.number()) {
        return Optional.empty();
      }
      check(r, "statx", name);
      return Optional.of(Stat.read(x));
    } finally {
      descriptor.leave();
    }
  }

  /** About the directory itself. */
  public Stat stat() {
    return OpenFile.stat(descriptor);
  }

  /**
   * Makes a directory; the mode is subject to the umask, so set it with {@link #chmod} if it
   * matters.
   */
  public void mkdir(String name, int permissions) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      check(FileCalls.MKDIRAT.asInt(s, fd, name(s, name), permissions), "mkdirat", name);
    } finally {
      descriptor.leave();
    }
  }

  /** Makes a device node, FIFO or socket; the mode is subject to the umask. */
  public void mknod(String name, FileType type, int permissions, int major, int minor) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      check(
          FileCalls.MKNODAT.asInt(
              s, fd, name(s, name), type.bits() | permissions, FileCalls.device(major, minor)),
          "mknodat",
          name);
    } finally {
      descriptor.leave();
    }
  }

  /** Makes a symbolic link that says the target, whatever it is. */
  public void symlink(String target, String name) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      check(
          FileCalls.SYMLINKAT.asInt(s, s.string(target), fd, name(s, name)),
          "symlinkat",
          target,
          name);
    } finally {
      descriptor.leave();
    }
  }

  /**
   * Makes a hard link in this directory to an entry of another one; a symbolic link is linked
   * itself.
   */
  public void link(Directory from, String existing, String name) {
    int fd = descriptor.enter();
    int other = from.descriptor.enter();
    try (Scratch s = Scratch.take()) {
      check(
          FileCalls.LINKAT.asInt(s, other, name(s, existing), fd, name(s, name), 0),
          "linkat",
          existing,
          name);
    } finally {
      from.descriptor.leave();
      descriptor.leave();
    }
  }

  /**
   * As {@link #link}; false where there can be none: the other directory is on another mount
   * (EXDEV), the file has as many links as the file system allows (EMLINK), or the file system
   * knows of no links (EPERM).
   */
  public boolean linkIfPossible(Directory from, String existing, String name) {
    int fd = descriptor.enter();
    int other = from.descriptor.enter();
    try (Scratch s = Scratch.take()) {
      int r = FileCalls.LINKAT.asInt(s, other, name(s, existing), fd, name(s, name), 0);
      if (r == -Errno.EXDEV.number() || r == -Errno.EMLINK.number() || r == -Errno.EPERM.number()) {
        return false;
      }
      check(r, "linkat", existing, name);
      return true;
    } finally {
      from.descriptor.leave();
      descriptor.leave();
    }
  }

  /** Moves an entry into a directory of the same mount. */
  public void rename(String name, Directory to, String newName, Rename how) {
    int fd = descriptor.enter();
    int other = to.descriptor.enter();
    try (Scratch s = Scratch.take()) {
      check(
          FileCalls.RENAMEAT2.asInt(s, fd, name(s, name), other, name(s, newName), how.flags),
          "renameat2",
          name,
          newName);
    } finally {
      to.descriptor.leave();
      descriptor.leave();
    }
  }

  /** Removes an entry that is not a directory; false when there is none. */
  public boolean unlink(String name) {
    return remove(name, 0);
  }

  /** Removes an empty directory; false when there is none. */
  public boolean rmdir(String name) {
    return remove(name, Abi.AT_REMOVEDIR);
  }

  private boolean remove(String name, int flags) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      int r = FileCalls.UNLINKAT.asInt(s, fd, name(s, name), flags);
      if (r == -Errno.ENOENT.number()) {
        return false;
      }
      check(r, "unlinkat", name);
      return true;
    } finally {
      descriptor.leave();
    }
  }

  /**
   * Removes an entry and all beneath it; does not follow links and does not enter mounts.
   *
   * @throws Fault.Conflict when something is mounted in there, naming it
   */
  public void removeTree(String name) {
    TreeRemoval.remove(this, name);
  }

  /** Makes a file that must not exist and opens it for writing. */
  public OpenFile create(String name, int permissions) {
    return new OpenFile(
        open(name, Abi.O_RDWR | Abi.O_CREAT | Abi.O_EXCL | Abi.O_NOFOLLOW, permissions));
  }

  /** Opens a file for reading and writing as it is. */
  public OpenFile openForWrite(String name) {
    return new OpenFile(open(name, Abi.O_RDWR | Abi.O_NOFOLLOW | Abi.O_NONBLOCK, 0));
  }

  /** Opens a file for reading. A FIFO without a writer does not block the open. */
  public OpenFile openForRead(String name) {
    return new OpenFile(open(name, Abi.O_RDONLY | Abi.O_NOFOLLOW | Abi.O_NONBLOCK, 0));
  }

  /**
   * Opens a file for reading that does not count as a use: the time of its last read stays.
   *
   * @throws Fault.Forbidden for who neither owns the file nor has CAP_FOWNER
   */
  public OpenFile openUnnoticed(String name) {
    int flags = Abi.O_RDONLY | Abi.O_NOFOLLOW | Abi.O_NONBLOCK | Abi.O_NOATIME;
    return new OpenFile(open(name, flags, 0));
  }

  /** Opens a directory in this one. */
  public Directory openDirectory(String name) {
    return new Directory(open(name, Abi.O_RDONLY | Abi.O_NOFOLLOW | Abi.O_DIRECTORY, 0));
  }

  private Descriptor open(String name, int flags, int mode) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      int r = FileCalls.OPENAT.asInt(s, fd, name(s, name), flags | Abi.O_CLOEXEC, mode);
      check(r, "openat", name);
      return new Descriptor(r, descriptor.what() + "/" + name);
    } finally {
      descriptor.leave();
    }
  }

  /** What a symbolic link says. */
  public String readlink(String name) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      long path = name(s, name);
      MemorySegment room = s.room(4096);
      long n = FileCalls.READLINKAT.asLong(s, fd, path, room.address(), room.byteSize());
      check(n, "readlinkat", name);
      return FileNames.decode(room.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE));
    } finally {
      descriptor.leave();
    }
  }

  /** Sets owner and group of the entry itself; this clears setuid, setgid and file capabilities. */
  public void chown(String name, int uid, int gid) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      check(
          FileCalls.FCHOWNAT.asInt(s, fd, name(s, name), uid, gid, Abi.AT_SYMLINK_NOFOLLOW),
          "fchownat",
          name);
    } finally {
      descriptor.leave();
    }
  }

  /**
   * Sets the twelve permission bits.
   *
   * @throws Fault.Unsupported for a symbolic link, which has none
   */
  public void chmod(String name, int permissions) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      long path = name(s, name);
      int r =
          Abi.SYSCALL4.asInt(s, Abi.NR_FCHMODAT2, fd, path, permissions, Abi.AT_SYMLINK_NOFOLLOW);
      if (r == -Errno.ENOSYS.number()) {
        r = chmodByDescriptor(s, fd, path, permissions);
      }
      check(r, "fchmodat", name);
    } finally {
      descriptor.leave();
    }
  }

  /**
   * Before Linux 6.6 only /proc lets one change the mode of what a name is without following it.
   */
  private static int chmodByDescriptor(Scratch s, int directory, long path, int permissions) {
    int flags = Abi.O_PATH | Abi.O_NOFOLLOW | Abi.O_CLOEXEC;
    int fd = FileCalls.OPENAT.asInt(s, directory, path, flags, 0);
    if (fd < 0) {
      return fd;
    }
    try (Descriptor found = new Descriptor(fd, "file")) {
      return FileCalls.FCHMODAT.asInt(
          s, Abi.AT_FDCWD, s.string("/proc/self/fd/" + found.number()), permissions, 0);
    }
  }

  /** Sets the times of the entry itself, to the nanosecond. */
  public void times(String name, Instant accessed, Instant modified) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      long path = name(s, name);
      long t = FileCalls.times(s, accessed, modified).address();
      check(FileCalls.UTIMENSAT.asInt(s, fd, path, t, Abi.AT_SYMLINK_NOFOLLOW), "utimensat", name);
    } finally {
      descriptor.leave();
    }
  }

  /** Sets an extended attribute of the entry itself. */
  public void setXattr(String name, String attribute, byte[] value) {
    descriptor.enter();
    try {
      Xattrs.set(xattrPath(name), attribute, value);
    } finally {
      descriptor.leave();
    }
  }

  /** All extended attributes of the entry itself by name, sorted; empty where there are none. */
  public Map<String, byte[]> xattrs(String name) {
    descriptor.enter();
    try {
      return Xattrs.all(xattrPath(name));
    } finally {
      descriptor.leave();
    }
  }

  /** One extended attribute of the entry itself. */
  public Optional<byte[]> xattr(String name, String attribute) {
    descriptor.enter();
    try {
      return Xattrs.get(xattrPath(name), attribute);
    } finally {
      descriptor.leave();
    }
  }

  /** The xattr calls have no *at form before Linux 6.13; the last component is not followed. */
  private String xattrPath(String name) {
    validate(name);
    return "/proc/self/fd/" + descriptor.number() + "/" + name;
  }

  /** The entries but {@code .} and {@code ..}, in the order of the file system. */
  public List<Entry> list() {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      List<Entry> entries = new ArrayList<>();
      check(FileCalls.LSEEK.asLong(s, fd, 0, 0), "lseek", ".");
      MemorySegment room = s.rest();
      while (true) {
        long n = FileCalls.GETDENTS.asLong(s, fd, room.address(), room.byteSize());
        check(n, "getdents64", ".");
        if (n == 0) {
          return entries;
        }
        parse(room.asSlice(0, n), entries);
      }
    } finally {
      descriptor.leave();
    }
  }

  /** struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name (getdents(2)). */
  private static void parse(MemorySegment records, List<Entry> into) {
    for (long at = 0; at < records.byteSize(); ) {
      int length = records.get(ValueLayout.JAVA_SHORT, at + 16) & 0xFFFF;
      int end = 19;
      while (records.get(ValueLayout.JAVA_BYTE, at + end) != 0) {
        end++;
      }
      byte[] bytes = new byte[end - 19];
      MemorySegment.copy(records, ValueLayout.JAVA_BYTE, at + 19, bytes, 0, bytes.length);
      boolean dots =
          bytes[0] == '.' && (bytes.length == 1 || (bytes.length == 2 && bytes[1] == '.'));
      if (!dots) {
        into.add(
            new Entry(
                FileNames.decode(bytes),
                FileType.ofMode(records.get(ValueLayout.JAVA_BYTE, at + 18) << 12),
                records.get(ValueLayout.JAVA_LONG, at)));
      }
      at += length;
    }
  }

  /** Writes everything of the file system that holds this directory to the disk (syncfs(2)). */
  public void syncFileSystem() {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      check(FileCalls.SYNCFS.asInt(s, fd), "syncfs", ".");
    } finally {
      descriptor.leave();
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }

  @Override
  public String toString() {
    return descriptor.toString();
  }

  private static long name(Scratch s, String name) {
    validate(name);
    return s.string(name);
  }

  static void validate(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
      throw new Fault.InvalidArgument("\"" + name + "\" is not the name of a directory entry");
    }
  }

  private void check(long result, String call, String... names) {
    if (result < 0) {
      throw Failure.of(result, call, descriptor.what(), String.join(" -> ", names));
    }
  }
}
