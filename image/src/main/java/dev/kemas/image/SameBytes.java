package dev.kemas.image;

import dev.kemas.content.BlobReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Takes bytes that must be those of a blob, and refuses the first that are not. */
final class SameBytes extends OutputStream {
  private final InputStream wanted;

  /** The bytes differ. */
  static final class Different extends IOException {
    private static final long serialVersionUID = 1;

    Different() {
      super("the bytes differ");
    }
  }

  SameBytes(BlobReader wanted) {
    this.wanted = wanted.stream();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    byte[] here = wanted.readNBytes(length);
    if (!Arrays.equals(here, 0, here.length, bytes, from, from + length)) {
      throw new Different();
    }
  }

  /** Whether the blob has no more bytes than came. */
  boolean atEnd() throws IOException {
    return wanted.read() < 0;
  }

  /** Nothing: whoever compares looks at the end first. */
  @Override
  public void close() {}
}
