package dev.kemas.build;

import dev.kemas.guard.LayerFiles;
import dev.kemas.image.Image;
import dev.kemas.image.Layer;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** File systems in layers, as builds use them. */
public interface Workspaces {

  /**
   * Those of one build. All that it makes or asks for is kept from being collected until it is
   * closed.
   *
   * @param purpose for messages: {@code build of fraud-detection:latest}
   */
  Held open(String purpose);

  /** The file systems of one build. Called from several threads at once. */
  interface Held extends AutoCloseable {

    /**
     * Whether the layer is all there, file system and blob: a cached one may have been removed
     * meanwhile. Takes microseconds.
     */
    boolean has(Layer layer);

    /** Makes an image's file system ready to be built upon; nothing to do when it is. */
    void unpack(Image image);

    /**
     * The layer's changes above another file system. Costs nothing when they are there already.
     *
     * @param layer made upon nothing
     * @param parent the chain id of what it is put upon; empty for nothing
     */
    Layer above(Layer layer, Optional<Digest> parent);

    /**
     * Begins a layer.
     *
     * @param parent the chain id of what it is built upon; empty for nothing
     * @throws dev.kemas.fault.Fault.NotFound when the parent's file system is not there
     */
    Workspace begin(Optional<Digest> parent);

    /**
     * Lets one read a file system.
     *
     * @param chain its chain id; empty for an empty one
     * @throws dev.kemas.fault.Fault.NotFound when it is not there
     */
    View view(Optional<Digest> chain);

    /**
     * The files that a layer adds or changes, for whoever looks for something in them.
     *
     * @throws dev.kemas.fault.Fault.NotFound when its file system is not there
     */
    LayerFiles files(Layer layer);

    @Override
    void close();
  }

  /**
   * How a layer is finished.
   *
   * @param touched directories that are no change when nothing in them is and they are still like
   *     this; by path relative to the root ({@link Executor.Ended})
   * @param latest no change is younger
   */
  record Finish(Map<String, Stat> touched, Optional<Instant> latest) {
    public Finish {
      touched = Map.copyOf(touched);
    }
  }

  /** A file system that may be changed. One thread at a time. */
  interface Workspace extends AutoCloseable {
    /** Where it is mounted. */
    Path root();

    /**
     * A folder beside the file system, on the same disk: {@link #commit} moves its entries into one
     * of the file system's directories. The same folder for the same directory.
     *
     * @param directory its real path relative to the root; by the time of the commit it is among
     *     what was changed, and has no entries of these names
     * @return empty where changes must be written through the mount
     */
    Optional<Path> beside(String directory);

    /**
     * Has {@link #commit} make the second file a hard link of the first, where {@link #beside} gave
     * a folder: both are paths relative to the root, as they are after the moving.
     */
    void linkBeside(String first, String second);

    /**
     * Makes a layer of all changes; the workspace is over.
     *
     * @return empty when nothing was changed
     */
    Optional<Layer> commit(Finish finish);

    /** Drops the changes unless they were committed. */
    @Override
    void close();
  }

  /** A file system that can only be read. */
  interface View extends AutoCloseable {
    /** Where it is mounted. */
    Path root();

    @Override
    void close();
  }
}
