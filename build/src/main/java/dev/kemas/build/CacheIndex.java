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
   * @param same the key that names the same work by what it took, where this one names it by where
   *     that came from; steps after it are named by that one
   */
  record Entry(Optional<Layer> layer, Instant created, Optional<Digest> same) {
    /** An entry under the only key of its work. */
    public Entry(Optional<Layer> layer, Instant created) {
      this(layer, created, Optional.empty());
    }

    /** The same under the work's own key. */
    Entry own() {
      return new Entry(layer, created);
    }

    /** The same under another key than the work's own. */
    Entry sameAs(Digest own) {
      return new Entry(layer, created, Optional.of(own));
    }
  }

  /** What is remembered of an operation. Takes microseconds. */
  Optional<Entry> find(Digest key);

  /** Remembers an operation, in place of what was known of it. */
  void put(Digest key, Entry entry);

  /**
   * Tells that a build has this entry, just made or found. Takes microseconds.
   *
   * @param text the instruction
   * @param parent the chain id of what it was done upon; empty for nothing
   */
  default void used(Digest key, String text, Optional<Digest> parent) {
    // what keeps no account has none to update
  }
}
