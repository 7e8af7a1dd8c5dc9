package dev.kemas.image;

import dev.kemas.metadata.Collector;

/** Removes the blobs and snapshots that nothing needs any more. */
@FunctionalInterface
public interface Garbage {
  /** Collects once, and is through when it returns. */
  Collector.Result collect();

  /**
   * The same, for who wants to know what it brought: the bytes of the result are those that the
   * disk gains. Takes as long as a walk over the layers that were never measured.
   */
  default Collector.Result collectMeasured() {
    return collect();
  }
}
