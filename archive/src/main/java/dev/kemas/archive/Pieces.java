package dev.kemas.archive;

import java.io.IOException;

/** A stream as large pieces that can be looked at where they lie, without copying. */
interface Pieces {
  /**
   * Moves to the next piece; the one before may be overwritten.
   *
   * @return bytes in it; -1 at the end, again and again
   */
  int next() throws IOException;

  /** The present piece, from index 0. */
  byte[] array();
}
