package dev.kemas.build;

import dev.kemas.image.Layer;
import dev.kemas.oci.Digest;
import java.time.Instant;
import java.util.Optional;

/**
 * Remembers what operations led to; outlives the daemon. A record that is lost costs a step's time
 * and nothing else. Called from several threads at once.
 */
public interface CacheIndex {

  /**
   * What an operation led to.
   *
   * @param layer empty when it left the file system as it was
   * @param created when it was done
   */
  record Entry(Optional<Layer> layer, Instant created) {}

  /** What is remembered of an operation. Takes microseconds. */
  Optional<Entry> find(Digest key);

  /** Remembers an operation, in place of what was known of it. */
  void put(Digest key, Entry entry);
}
