package dev.kemas.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/** The content of a sparse file, its holes as zeroes. */
final class SparseInput extends InputStream {
  private final TarReader reader;
  private final long[] map;
  private final long size;
  private int next;
  private long position;

  SparseInput(TarReader reader, long[] map, long size) {
    this.reader = reader;
    this.map = map;
    this.size = size;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    while (next < map.length && position == map[next] + map[next + 1]) {
      next += 2;
    }
    if (length == 0) {
      return 0;
    }
    if (position == size) {
      return -1;
    }
    long dataFrom = next < map.length ? map[next] : size;
    if (position < dataFrom) {
      int n = (int) Math.min(length, dataFrom - position);
      Arrays.fill(bytes, from, from + n, (byte) 0);
      position += n;
      return n;
    }
    int n = reader.peek(Math.min(length, map[next] + map[next + 1] - position));
    System.arraycopy(reader.array(), reader.offset(), bytes, from, n);
    reader.take(n);
    position += n;
    return n;
  }
}
