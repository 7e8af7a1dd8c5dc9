package dev.kemas.image;

import dev.kemas.metadata.Collector;

/** Removes the blobs and snapshots that nothing needs any more. */
@FunctionalInterface
public interface Garbage {
  /** Collects once, and is through when it returns. */
  Collector.Result collect();
}
