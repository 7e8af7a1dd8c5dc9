package dev.kemas.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The compressed bytes, those looked at already first: counts them, and remembers what reading
 * threw, so that a source that fails is told apart from a form that is damaged.
 */
final class CountedSource extends FilterInputStream {
  private final byte[] head;
  private final int length;
  private int used;
  private long count;
  private @Nullable IOException failure;

  CountedSource(InputStream in, byte[] head, int length) {
    super(in);
    this.head = head;
    this.length = length;
  }

  long count() {
    return count;
  }

  @Nullable IOException failure() {
    return failure;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int wanted) throws IOException {
    if (used < length && wanted > 0) {
      int n = Math.min(wanted, length - used);
      System.arraycopy(head, used, bytes, from, n);
      used += n;
      count += n;
      return n;
    }
    try {
      int n = in.read(bytes, from, wanted);
      if (n > 0) {
        count += n;
      }
      return n;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public long skip(long wanted) throws IOException {
    // FilterInputStream would pass by the head
    byte[] sink = new byte[Math.clamp(wanted, 0, 8192)];
    return Math.max(0, read(sink, 0, sink.length));
  }

  @Override
  public int available() throws IOException {
    return used < length ? length - used : in.available();
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
