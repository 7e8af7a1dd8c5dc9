package dev.kemas.archive;

import java.io.IOException;
import java.io.OutputStream;

/** Takes large pieces and gives an array for the next one in exchange. */
@FunctionalInterface
interface PieceSink {
  int SIZE = 256 * 1024;

  /**
   * Takes what is in the array.
   *
   * @param length how many bytes, from index 0
   * @return an array of {@link #SIZE} bytes to fill next, perhaps the same
   */
  byte[] exchange(byte[] piece, int length) throws IOException;

  /** Writes them on at once. */
  static PieceSink to(OutputStream out) {
    return (piece, length) -> {
      out.write(piece, 0, length);
      return piece;
    };
  }
}
