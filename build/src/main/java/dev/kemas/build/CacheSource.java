package dev.kemas.build;

import dev.kemas.image.Layer;
import dev.kemas.oci.Digest;
import java.util.Optional;

/** A place with results of builds of other machines: {@code --cache-from}. One use. */
public interface CacheSource {

  /** What it does, as progress has it: {@code importing cache manifest from host/app:cache}. */
  String title();

  /**
   * Looks what is there. The build goes on without it, with a warning, where this throws.
   *
   * @throws dev.kemas.fault.Fault.NotFound when there is nothing
   * @throws dev.kemas.fault.Fault.DataLoss when what is there cannot be read
   */
  Imported open(BuildRequest.Logins logins, Cancellation cancelled);

  /**
   * What is there for cache mounts, whatever {@link #open} finds; empty where nothing is wanted.
   */
  default Optional<MountSource> mounts() {
    return Optional.empty();
  }

  /** What is there. Called from several threads at once. */
  interface Imported {

    /** What is remembered of an operation; its layer may be elsewhere only. Takes microseconds. */
    Optional<CacheIndex.Entry> find(Digest key);

    /**
     * Brings a layer of one of the entries here, with blob and files. What lies below it is here.
     *
     * @param parent the chain id of what it lies upon
     * @throws dev.kemas.fault.Fault.Unavailable when it does not come
     * @throws dev.kemas.fault.Fault.DataLoss when it is not what was said of it
     */
    void fetch(Layer layer, Optional<Digest> parent);
  }
}
