package dev.kemas.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that is somebody else's to close. */
final class Unclosed extends FilterInputStream {
  Unclosed(InputStream in) {
    super(in);
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    return in.read(bytes, from, length);
  }

  @Override
  public void close() {}
}
