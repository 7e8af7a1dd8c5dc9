package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/** The master of a pseudo terminal (pty(7)): what a person at it would see and type. */
public final class Pty implements AutoCloseable {
  private static final Libc.Call FCNTL = Libc.bind("fcntl", 3);
  private static final int F_SETFL = 4;
  private static final long TIOCGPTN = 0x80045430L;
  private static final long TIOCSPTLCK = 0x40045431L;

  private final Descriptor master;

  private Pty(Descriptor master) {
    this.master = master;
  }

  /** A new pair; the other side is {@link #slave}. */
  public static Pty open() {
    try (Scratch s = Scratch.take()) {
      int flags = Abi.O_RDWR | Abi.O_NOCTTY | Abi.O_CLOEXEC | Abi.O_NONBLOCK;
      int fd = FileCalls.OPENAT.asInt(s, Abi.AT_FDCWD, s.string("/dev/ptmx"), flags, 0);
      if (fd < 0) {
        throw Failure.of(fd, "openat", "/dev/ptmx");
      }
      Descriptor master = new Descriptor(fd, "pseudo terminal");
      int r = FileCalls.IOCTL.asInt(s, fd, TIOCSPTLCK, s.zeroed(4).address());
      if (r < 0) {
        master.close();
        throw Failure.of(r, "ioctl", "/dev/ptmx", "TIOCSPTLCK");
      }
      return new Pty(master);
    }
  }

  /** Takes over a master that a runtime sent. */
  public static Pty adopt(Descriptor master) {
    int fd = master.enter();
    try (Scratch s = Scratch.take()) {
      int r = FCNTL.asInt(s, fd, F_SETFL, Abi.O_RDWR | Abi.O_NONBLOCK);
      if (r < 0) {
        throw Failure.of(r, "fcntl", master, "F_SETFL");
      }
      return new Pty(master);
    } finally {
      master.leave();
    }
  }

  /** The descriptor; closed with this. */
  public Descriptor master() {
    return master;
  }

  /** The path of the other side, in the devpts that is mounted at /dev/pts here. */
  public String slave() {
    int fd = master.enter();
    try (Scratch s = Scratch.take()) {
      MemorySegment n = s.room(4);
      int r = FileCalls.IOCTL.asInt(s, fd, TIOCGPTN, n.address());
      if (r < 0) {
        throw Failure.of(r, "ioctl", master, "TIOCGPTN");
      }
      return "/dev/pts/" + n.get(ValueLayout.JAVA_INT, 0);
    } finally {
      master.leave();
    }
  }

  /** Opens the other side, for a program's standard streams; the caller closes it. */
  public Descriptor openSlave() {
    String path = slave();
    try (Scratch s = Scratch.take()) {
      int flags = Abi.O_RDWR | Abi.O_NOCTTY | Abi.O_CLOEXEC;
      int fd = FileCalls.OPENAT.asInt(s, Abi.AT_FDCWD, s.string(path), flags, 0);
      if (fd < 0) {
        throw Failure.of(fd, "openat", path);
      }
      return new Descriptor(fd, path);
    }
  }

  /** Reads what was printed; -1 when nobody has the other side open any more. */
  public int read(ByteBuffer into) {
    try {
      return master.read(into);
    } catch (Fault.Internal e) {
      if (Errno.of(e).filter(Errno.EIO::equals).isPresent()) {
        return -1;
      }
      throw e;
    }
  }

  /** Types. */
  public void write(ByteBuffer from) {
    master.write(from);
  }

  /** Sets the size; who runs in it is told by SIGWINCH. */
  public void resize(Terminal.Size size) {
    Terminal.resize(master, size);
  }

  /** What is printed, as a stream; closing it closes this. */
  public InputStream input() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        try {
          return Pty.this.read(ByteBuffer.wrap(bytes, from, length));
        } catch (Fault e) {
          throw new IOException(e.getMessage(), e);
        }
      }

      @Override
      public void close() {
        Pty.this.close();
      }
    };
  }

  /** What is typed, as a stream; closing it closes this. */
  public OutputStream output() {
    return master.output();
  }

  @Override
  public void close() {
    master.close();
  }
}
