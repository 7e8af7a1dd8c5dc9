package dev.kemas.linux;

import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;

/** An open file: its content and its attributes, without a further look at its name. */
public final class OpenFile implements AutoCloseable {
  private static final long FICLONE = 0x40049409L;
  private final Descriptor descriptor;

  OpenFile(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** The descriptor; closed with this. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /** Reads from the present position; -1 at the end. */
  public int read(ByteBuffer into) {
    return descriptor.read(into);
  }

  /** Writes all of it at the present position. */
  public void write(ByteBuffer from) {
    descriptor.write(from);
  }

  /** The content from the present position; closing the stream closes this. */
  public InputStream input() {
    return descriptor.input();
  }

  /** Writes without a buffer; closing the stream closes this. */
  public OutputStream output() {
    return descriptor.output();
  }

  /** What the kernel knows about it. */
  public Stat stat() {
    return stat(descriptor);
  }

  static Stat stat(Descriptor descriptor) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      MemorySegment x = s.room(Stat.SIZE);
      int r =
          FileCalls.STATX.asInt(s, fd, s.string(""), Abi.AT_EMPTY_PATH, Stat.BASIC, x.address());
      check(r, "statx", descriptor);
      return Stat.read(x);
    } finally {
      descriptor.leave();
    }
  }

  /** Sets the twelve permission bits. */
  public void chmod(int permissions) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      check(FileCalls.FCHMOD.asInt(s, fd, permissions), "fchmod", descriptor);
    } finally {
      descriptor.leave();
    }
  }

  /** Sets owner and group; this clears setuid, setgid and file capabilities. */
  public void chown(int uid, int gid) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      check(
          FileCalls.FCHOWNAT.asInt(s, fd, s.string(""), uid, gid, Abi.AT_EMPTY_PATH),
          "fchownat",
          descriptor);
    } finally {
      descriptor.leave();
    }
  }

  /** Sets the times, to the nanosecond. */
  public void times(Instant accessed, Instant modified) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      long t = FileCalls.times(s, accessed, modified).address();
      check(FileCalls.FUTIMENS.asInt(s, fd, t), "futimens", descriptor);
    } finally {
      descriptor.leave();
    }
  }

  /** Sets an extended attribute. */
  public void setXattr(String attribute, byte[] value) {
    Xattrs.set(descriptor, attribute, value);
  }

  /** All extended attributes by name, sorted. */
  public Map<String, byte[]> xattrs() {
    return Xattrs.all(descriptor);
  }

  /** Moves the position for the next read or write to this offset from the begin. */
  public void seek(long offset) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      check(FileCalls.LSEEK.asLong(s, fd, offset, 0), "lseek", descriptor);
    } finally {
      descriptor.leave();
    }
  }

  /** Cuts or extends (with a hole) to this length. */
  public void truncate(long length) {
    int fd = descriptor.enter();
    try (Scratch s = Scratch.take()) {
      check(FileCalls.FTRUNCATE.asInt(s, fd, length), "ftruncate", descriptor);
    } finally {
      descriptor.leave();
    }
  }

  /**
   * Fills this empty file with the content of another one: shares the blocks where the file system
   * can, else lets the kernel copy, else copies.
   */
  public void copyFrom(OpenFile source) {
    int to = descriptor.enter();
    int from = source.descriptor.enter();
    try (Scratch s = Scratch.take()) {
      if (FileCalls.IOCTL.asInt(s, to, FICLONE, from) == 0) {
        return;
      }
      long total = 0;
      while (true) {
        long n = FileCalls.COPY_FILE_RANGE.asLong(s, from, 0, to, 0, 1L << 30, 0);
        if (n > 0) {
          total += n;
          continue;
        }
        // 0 at the first try may be a file of /proc, whose size is not known to the kernel's copy
        if (n == 0 && total > 0) {
          return;
        }
        break;
      }
      ByteBuffer buffer = ByteBuffer.allocateDirect(Scratch.SIZE);
      while (source.read(buffer) >= 0) {
        write(buffer.flip());
        buffer.clear();
      }
    } finally {
      source.descriptor.leave();
      descriptor.leave();
    }
  }

  /** Waits until content and attributes are on the disk. */
  public void sync() {
    descriptor.sync();
  }

  @Override
  public void close() {
    descriptor.close();
  }

  @Override
  public String toString() {
    return descriptor.toString();
  }

  private static void check(long result, String call, Descriptor descriptor) {
    if (result < 0) {
      throw Failure.of(result, call, descriptor.what());
    }
  }
}
