package dev.kemas.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/**
 * Reads gzip (RFC 1952), all members of it. The one of the JDK takes a member for the last one when
 * its source has no byte available at that moment, which a network stream often has not.
 */
final class GzipInput extends InputStream {
  private static final int FHCRC = 2;
  private static final int FEXTRA = 4;
  private static final int FNAME = 8;
  private static final int FCOMMENT = 16;

  /** An inflater that reads ahead may end that far before the bytes it was given last. */
  private static final int BEFORE = 8;

  private final InputStream in;
  private final byte[] buffer = new byte[BEFORE + RawInflate.MOST];
  private int at = BEFORE;
  private int end = BEFORE;
  private final RawInflate inflater = RawInflate.fastest();
  private final CRC32 crc = new CRC32();
  private boolean over;

  GzipInput(InputStream in) throws IOException {
    this.in = in;
    try {
      header(need());
    } catch (IOException | RuntimeException e) {
      inflater.close();
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!over) {
      int n = inflater.inflate(bytes, from, length);
      if (n > 0) {
        crc.update(bytes, from, n);
        return n;
      }
      if (inflater.finished()) {
        nextMember();
      } else if (at == end) {
        if (!fill()) {
          throw new EOFException("it ends too early");
        }
        feed();
      }
    }
    return -1;
  }

  /** What the inflater took of it is known only at a member's end. */
  private void feed() {
    inflater.input(buffer, at, end - at);
    at = end;
  }

  private boolean fill() throws IOException {
    System.arraycopy(buffer, end - BEFORE, buffer, 0, BEFORE);
    at = BEFORE;
    end = BEFORE + Math.max(0, in.read(buffer, BEFORE, buffer.length - BEFORE));
    return at < end;
  }

  private void nextMember() throws IOException {
    at = end - inflater.remaining();
    if (little32() != crc.getValue()) {
      throw new IOException("its checksum differs");
    }
    if (little32() != (inflater.produced() & 0xFFFFFFFFL)) {
      throw new IOException("its length differs");
    }
    int first = one();
    // tapes and block devices pad with zeroes; gzip(1) ignores them too
    while (first == 0) {
      first = one();
    }
    if (first < 0) {
      over = true;
      return;
    }
    inflater.reset();
    crc.reset();
    header(first);
  }

  private void header(int first) throws IOException {
    if (first != 0x1F || need() != 0x8B || need() != 8) {
      throw new IOException("what follows is not gzip");
    }
    int flags = need();
    skip(6);
    if ((flags & FEXTRA) != 0) {
      skip(need() | need() << 8);
    }
    for (int text = flags & (FNAME | FCOMMENT); text != 0; text &= text - 1) {
      while (need() != 0) {}
    }
    if ((flags & FHCRC) != 0) {
      skip(2);
    }
    feed();
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      need();
    }
  }

  private long little32() throws IOException {
    return (need() | need() << 8 | need() << 16 | (long) need() << 24) & 0xFFFFFFFFL;
  }

  private int need() throws IOException {
    int b = one();
    if (b < 0) {
      throw new EOFException("it ends too early");
    }
    return b;
  }

  private int one() throws IOException {
    if (at == end && !fill()) {
      return -1;
    }
    return buffer[at++] & 0xFF;
  }

  @Override
  public void close() throws IOException {
    over = true;
    inflater.close();
    in.close();
  }
}
