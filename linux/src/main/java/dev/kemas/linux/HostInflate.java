package dev.kemas.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Unpacks one stream of raw deflate after the other with {@link HostDeflate}: the same steps as
 * {@link java.util.zip.Inflater}'s. Thread-safe, because its memory goes to another when it is
 * closed.
 */
public final class HostInflate implements AutoCloseable {
  /** struct inflate_state is 87,368 bytes in 2.30. */
  private static final int STATE = 128 * 1024;

  private static final int IN = 64 * 1024;
  private static final int OUT = 256 * 1024;
  private static final int NEXT_OUT = 0;
  private static final int AVAIL_OUT = 8;
  private static final int NEXT_IN = 16;
  private static final int AVAIL_IN = 32;
  private static final int READ_IN_BITS = 36;
  private static final int BLOCK_STATE = 21_160;
  private static final int FINISH = 5;

  /** What is kept for the next who unpacks; more make their own. */
  private static final int IDLE = 4;

  private static final ConcurrentLinkedQueue<MemorySegment> ROOMS = new ConcurrentLinkedQueue<>();

  private final HostDeflate library;
  private final MemorySegment room;
  private final MemorySegment state;
  private final MemorySegment in;
  private final MemorySegment out;
  private int outFrom;
  private int outTo;
  private long produced;
  private boolean closed;

  HostInflate(HostDeflate library) {
    this.library = library;
    MemorySegment known = ROOMS.poll();
    room = known == null ? Arena.ofAuto().allocate(STATE + IN + OUT, 64) : known;
    state = room.asSlice(0, STATE);
    in = room.asSlice(STATE, IN);
    out = room.asSlice(STATE + IN, OUT);
    reset();
  }

  /** Begins with another stream; input that was given is forgotten. */
  public synchronized void reset() {
    try (Scratch s = Scratch.take()) {
      library.initializeInflate.status(s, state.address());
    }
    state.set(ValueLayout.JAVA_INT, AVAIL_IN, 0);
    outFrom = 0;
    outTo = 0;
    produced = 0;
  }

  /**
   * Gives the next packed bytes, after {@link #inflate} found no more in the last ones.
   *
   * @param length at most 64 KiB
   */
  public synchronized void input(byte[] bytes, int from, int length) {
    if (closed) {
      return;
    }
    MemorySegment.copy(bytes, from, in, ValueLayout.JAVA_BYTE, 0, length);
    state.set(ValueLayout.JAVA_LONG, NEXT_IN, in.address());
    state.set(ValueLayout.JAVA_INT, AVAIL_IN, length);
  }

  /**
   * Hands out plain bytes.
   *
   * @return how many; 0 when the stream is over or more input is needed
   * @throws IOException when the packed bytes are damaged
   */
  public synchronized int inflate(byte[] bytes, int from, int length) throws IOException {
    if (closed) {
      throw new IOException("it is closed");
    }
    if (outFrom == outTo) {
      fill();
    }
    int n = Math.min(length, outTo - outFrom);
    MemorySegment.copy(out, ValueLayout.JAVA_BYTE, outFrom, bytes, from, n);
    outFrom += n;
    produced += n;
    return n;
  }

  private void fill() throws IOException {
    outFrom = 0;
    outTo = 0;
    if (over()) {
      return;
    }
    state.set(ValueLayout.JAVA_LONG, NEXT_OUT, out.address());
    state.set(ValueLayout.JAVA_INT, AVAIL_OUT, OUT);
    try (Scratch s = Scratch.take()) {
      int code = library.inflate.status(s, state.address());
      if (code < 0) {
        throw new IOException("its packed bytes are damaged (" + code + ")");
      }
    }
    outTo = OUT - state.get(ValueLayout.JAVA_INT, AVAIL_OUT);
  }

  private boolean over() {
    return state.get(ValueLayout.JAVA_INT, BLOCK_STATE) == FINISH;
  }

  /** Whether the last block's last byte was handed out. */
  public synchronized boolean finished() {
    return !closed && outFrom == outTo && over();
  }

  /**
   * Bytes of the input that lie behind the end of the stream. The library reads ahead: up to eight
   * may be of the input before the last.
   */
  public synchronized int remaining() {
    return state.get(ValueLayout.JAVA_INT, AVAIL_IN)
        + (state.get(ValueLayout.JAVA_INT, READ_IN_BITS) >> 3);
  }

  /** Plain bytes handed out since the stream began. */
  public synchronized long produced() {
    return produced;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (ROOMS.size() < IDLE) {
        ROOMS.add(room);
      }
    }
  }
}
