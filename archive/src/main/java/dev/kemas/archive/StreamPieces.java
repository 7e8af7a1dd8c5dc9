package dev.kemas.archive;

import java.io.IOException;
import java.io.InputStream;

/** Pieces read by the thread that asks for them. */
final class StreamPieces implements Pieces {
  private final InputStream in;
  private final byte[] buffer;

  StreamPieces(InputStream in, int size) {
    this.in = in;
    this.buffer = new byte[size];
  }

  @Override
  public int next() throws IOException {
    while (true) {
      int n = in.read(buffer, 0, buffer.length);
      if (n != 0) {
        return n;
      }
    }
  }

  @Override
  public byte[] array() {
    return buffer;
  }
}
