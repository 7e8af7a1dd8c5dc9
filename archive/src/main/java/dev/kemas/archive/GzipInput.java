package dev.kemas.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads gzip (RFC 1952), all members of it. The one of the JDK takes a member for the last one when
 * its source has no byte available at that moment, which a network stream often has not.
 */
final class GzipInput extends InputStream {
  private static final int FHCRC = 2;
  private static final int FEXTRA = 4;
  private static final int FNAME = 8;
  private static final int FCOMMENT = 16;

  private final InputStream in;
  private final byte[] buffer = new byte[64 * 1024];
  private int at;
  private int end;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private boolean over;

  GzipInput(InputStream in) throws IOException {
    this.in = in;
    header(need());
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
      int n = inflate(bytes, from, length);
      if (n > 0) {
        crc.update(bytes, from, n);
        return n;
      }
      if (inflater.finished() || inflater.needsDictionary()) {
        nextMember();
      } else if (at == end) {
        at = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        if (end == 0) {
          throw new EOFException("it ends too early");
        }
        inflater.setInput(buffer, 0, end);
        // what the inflater took is known only at a member's end
        at = end;
      }
    }
    return -1;
  }

  private int inflate(byte[] bytes, int from, int length) throws IOException {
    try {
      return inflater.inflate(bytes, from, length);
    } catch (DataFormatException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void nextMember() throws IOException {
    at = end - inflater.getRemaining();
    if (little32() != crc.getValue()) {
      throw new IOException("its checksum differs");
    }
    if (little32() != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
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
    inflater.setInput(buffer, at, end - at);
    at = end;
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
    if (at == end) {
      at = 0;
      end = Math.max(0, in.read(buffer, 0, buffer.length));
      if (end == 0) {
        return -1;
      }
    }
    return buffer[at++] & 0xFF;
  }

  @Override
  public void close() throws IOException {
    over = true;
    inflater.end();
    in.close();
  }
}
