package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file descriptor with an owner. Closing it while another thread is inside a call on it is
 * safe: the number is given back to the kernel only when the last call has left, and whoever waits
 * in {@link #read} or {@link #write} is woken and gets the fault "is closed".
 *
 * <p>All descriptors that this module opens are close-on-exec; those that can block (pipes,
 * sockets, terminals, inotify) are non-blocking underneath, and the wait for them parks the calling
 * thread without holding a carrier. Regular files and directories block in the kernel.
 */
public final class Descriptor implements AutoCloseable {
  private static final Libc.Call CLOSE = Libc.bind("close", 1);
  private static final Libc.Call READ = Libc.bind("read", 3);
  private static final Libc.Call WRITE = Libc.bind("write", 3);
  private static final Libc.Call DUP = Libc.bind("fcntl", 3);
  private static final Libc.Call FSYNC = Libc.bind("fsync", 1);
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int CLOSED = 1 << 31;

  private final int number;
  private final String what;
  private final AtomicInteger uses = new AtomicInteger();

  Descriptor(int number, String what) {
    this.number = number;
    this.what = what;
  }

  /**
   * Takes over a descriptor that was received or inherited; the caller must not close it itself.
   */
  public static Descriptor adopt(int number, String what) {
    return new Descriptor(number, what);
  }

  /** The kernel's number; valid until {@link #close}. */
  public int number() {
    return number;
  }

  /** What was opened, for messages. */
  public String what() {
    return what;
  }

  /** Whether {@link #close} was called. */
  public boolean isClosed() {
    return uses.get() < 0;
  }

  /** Announces a call on the number; to be followed by {@link #leave}. */
  int enter() {
    while (true) {
      int now = uses.get();
      if (now < 0) {
        throw new Fault.Unavailable(what + " is closed");
      }
      if (uses.compareAndSet(now, now + 1)) {
        return number;
      }
    }
  }

  /**
   * Ends what {@link #enter} began; the last one out after {@link #close} gives the number back.
   */
  void leave() {
    if (uses.decrementAndGet() == CLOSED) {
      release();
    }
  }

  /** Another descriptor of the same open file. */
  public Descriptor duplicate() {
    int fd = enter();
    try (Scratch s = Scratch.take()) {
      int r = DUP.asInt(s, fd, F_DUPFD_CLOEXEC, 3);
      if (r < 0) {
        throw Failure.of(r, "fcntl", what, "F_DUPFD_CLOEXEC");
      }
      return new Descriptor(r, what);
    } finally {
      leave();
    }
  }

  /**
   * Reads what is there, waiting for the first byte.
   *
   * @return how many bytes; -1 at the end
   */
  public int read(ByteBuffer into) {
    if (!into.hasRemaining()) {
      return 0;
    }
    int fd = enter();
    try (Scratch s = Scratch.take()) {
      MemorySegment room = into.isDirect() ? MemorySegment.ofBuffer(into) : s.rest();
      long length = Math.min(into.remaining(), room.byteSize());
      while (true) {
        long n = READ.asLong(s, fd, room.address(), length);
        if (n >= 0) {
          if (n > 0) {
            if (into.isDirect()) {
              into.position(into.position() + (int) n);
            } else {
              into.put(room.asSlice(0, n).asByteBuffer());
            }
          }
          return n == 0 ? -1 : (int) n;
        }
        waitOrFail(n, "read", Poller.READ);
      }
    } finally {
      Reference.reachabilityFence(into);
      leave();
    }
  }

  /** Writes all of it, waiting as long as it takes. */
  public void write(ByteBuffer from) {
    int fd = enter();
    try (Scratch s = Scratch.take()) {
      MemorySegment room = from.isDirect() ? MemorySegment.NULL : s.rest();
      while (from.hasRemaining()) {
        long n;
        if (from.isDirect()) {
          n = WRITE.asLong(s, fd, MemorySegment.ofBuffer(from).address(), from.remaining());
        } else {
          int length = (int) Math.min(from.remaining(), room.byteSize());
          room.asSlice(0, length).asByteBuffer().put(from.slice(from.position(), length));
          n = WRITE.asLong(s, fd, room.address(), length);
        }
        if (n >= 0) {
          from.position(from.position() + (int) n);
        } else {
          waitOrFail(n, "write", Poller.WRITE);
        }
      }
    } finally {
      Reference.reachabilityFence(from);
      leave();
    }
  }

  private void waitOrFail(long result, String call, Poller poller) {
    switch (Errno.of((int) -result)) {
      case EAGAIN -> poller.await(this);
      case EINTR -> {}
      default -> throw Failure.of(result, call, what);
    }
  }

  /** The bytes as a stream; closing the stream closes this. */
  public InputStream input() {
    return new DescriptorStreams.Input(this);
  }

  /** The bytes as a stream without a buffer; closing the stream closes this. */
  public OutputStream output() {
    return new DescriptorStreams.Output(this);
  }

  /**
   * Waits until the content and the attributes of a file or directory are on the disk (fsync(2)).
   */
  public void sync() {
    int fd = enter();
    try (Scratch s = Scratch.take()) {
      int r = FSYNC.asInt(s, fd);
      if (r < 0) {
        throw Failure.of(r, "fsync", what);
      }
    } finally {
      leave();
    }
  }

  @Override
  public void close() {
    while (true) {
      int now = uses.get();
      if (now < 0) {
        return;
      }
      if (uses.compareAndSet(now, now | CLOSED)) {
        if (now == 0) {
          release();
        } else {
          Poller.wake(this);
        }
        return;
      }
    }
  }

  private void release() {
    try (Scratch s = Scratch.take()) {
      // the number is gone whatever close says (close(2), "Dealing with error returns")
      CLOSE.asInt(s, number);
    }
  }

  @Override
  public String toString() {
    return what + " (descriptor " + number + ")";
  }
}
