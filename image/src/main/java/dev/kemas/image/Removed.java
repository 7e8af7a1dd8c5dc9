package dev.kemas.image;

import dev.kemas.oci.Digest;

/** One step of a removal, in the order they happened. */
public sealed interface Removed {
  /**
   * A name was taken away.
   *
   * @param name as people write it: {@code busybox:latest}
   */
  record Untagged(String name) implements Removed {}

  /** An image is gone. */
  record Deleted(Digest id) implements Removed {}
}
