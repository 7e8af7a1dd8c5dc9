package dev.kemas.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The content of the entry that a reader stands on. */
final class EntryInput extends InputStream {
  private final TarReader reader;

  EntryInput(TarReader reader) {
    this.reader = reader;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    int n = reader.peek(length);
    if (n == 0) {
      return -1;
    }
    System.arraycopy(reader.array(), reader.offset(), bytes, from, n);
    reader.take(n);
    return n;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, reader.remaining());
  }
}
