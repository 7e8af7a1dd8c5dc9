package dev.kemas.api;

import dev.kemas.fault.Fault;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Takes a multiplexed stream apart. For one thread; the stream stays the caller's to close. */
public final class FrameReader {
  private static final int LARGEST = 64 * 1024;
  private final InputStream in;
  private final byte[] buffer = new byte[LARGEST];
  private StreamType type = StreamType.STDOUT;
  private long left;

  /** Who gets the pieces; a frame may come in several. */
  @FunctionalInterface
  public interface Sink {
    /** One piece; the array is used again after the call. */
    void accept(StreamType type, byte[] bytes, int length) throws IOException;
  }

  public FrameReader(InputStream in) {
    this.in = in;
  }

  /**
   * Hands on what comes until the stream ends.
   *
   * @throws Fault.DataLoss when it ends within a frame, or is no multiplexed stream
   * @throws IOException from the stream or the sink
   */
  public void copyTo(Sink sink) throws IOException {
    while (true) {
      if (left == 0 && !nextHeader()) {
        return;
      }
      int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (n < 0) {
        throw new Fault.DataLoss("the stream ended within a frame");
      }
      left -= n;
      if (n > 0) {
        sink.accept(type, buffer, n);
      }
    }
  }

  private boolean nextHeader() throws IOException {
    int first = in.read();
    if (first < 0) {
      return false;
    }
    byte[] rest = in.readNBytes(StreamType.HEADER - 1);
    if (rest.length < StreamType.HEADER - 1) {
      throw new EOFException("the stream ended within the header of a frame");
    }
    type = StreamType.of(first);
    left = ByteBuffer.wrap(rest).getInt(3) & 0xFFFF_FFFFL;
    return true;
  }
}
