package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.nio.file.Path;

/** Named pipes (fifo(7)). */
public final class Fifo {
  private Fifo() {}

  /**
   * Opens one for writing; does not wait for a reader.
   *
   * @throws Fault.Unavailable when nobody has it open for reading
   * @throws Fault.NotFound when it does not exist
   */
  public static Descriptor openToWrite(Path path) {
    try (Scratch s = Scratch.take()) {
      int flags = Abi.O_WRONLY | Abi.O_NONBLOCK | Abi.O_CLOEXEC;
      int fd = FileCalls.OPENAT.asInt(s, Abi.AT_FDCWD, s.string(path.toString()), flags, 0);
      if (fd == -Errno.ENXIO.number()) {
        throw new Fault.Unavailable(
            "nobody reads from " + path, Failure.of(fd, "openat", path, "O_WRONLY"));
      }
      if (fd < 0) {
        throw Failure.of(fd, "openat", path, "O_WRONLY");
      }
      return new Descriptor(fd, path.toString());
    }
  }

  /**
   * Opens one for reading; does not wait for a writer, and the end is seen when the last one goes.
   */
  public static Descriptor openToRead(Path path) {
    try (Scratch s = Scratch.take()) {
      int flags = Abi.O_RDONLY | Abi.O_NONBLOCK | Abi.O_CLOEXEC;
      int fd = FileCalls.OPENAT.asInt(s, Abi.AT_FDCWD, s.string(path.toString()), flags, 0);
      if (fd < 0) {
        throw Failure.of(fd, "openat", path, "O_RDONLY");
      }
      return new Descriptor(fd, path.toString());
    }
  }
}
