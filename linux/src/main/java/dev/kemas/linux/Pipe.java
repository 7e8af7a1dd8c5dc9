package dev.kemas.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A pipe (pipe(7)), both ends close-on-exec. The end that stays here is non-blocking, so that
 * waiting for it holds no carrier thread; the end that a child gets blocks, as programs expect.
 *
 * @param reader the end to read from
 * @param writer the end to write to
 */
public record Pipe(Descriptor reader, Descriptor writer) implements AutoCloseable {
  private static final Libc.Call PIPE2 = Libc.bind("pipe2", 2);
  private static final Libc.Call FCNTL = Libc.bind("fcntl", 3);
  private static final int F_SETFL = 4;

  /** A pipe that this process reads and a child writes. */
  public static Pipe toRead(String what) {
    return open(what, true);
  }

  /** A pipe that this process writes and a child reads. */
  public static Pipe toWrite(String what) {
    return open(what, false);
  }

  private static Pipe open(String what, boolean read) {
    try (Scratch s = Scratch.take()) {
      MemorySegment two = s.room(8);
      int r = PIPE2.asInt(s, two.address(), Abi.O_CLOEXEC);
      if (r < 0) {
        throw Failure.of(r, "pipe2", what);
      }
      int reader = two.get(ValueLayout.JAVA_INT, 0);
      int writer = two.get(ValueLayout.JAVA_INT, 4);
      Pipe pipe = new Pipe(new Descriptor(reader, what), new Descriptor(writer, what));
      int n = FCNTL.asInt(s, read ? reader : writer, F_SETFL, Abi.O_NONBLOCK);
      if (n < 0) {
        pipe.close();
        throw Failure.of(n, "fcntl", what, "F_SETFL");
      }
      return pipe;
    }
  }

  @Override
  public void close() {
    reader.close();
    writer.close();
  }
}
