package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.util.List;
import java.util.Optional;

/**
 * The images of one store, by name and id. An image's id is the digest of its configuration, so the
 * same content under several names is one image. Reads come from memory and never block; writes are
 * atomic. Thread-safe.
 */
public final class Images {
  Images() {}

  /**
   * Finds an image the way Docker does: a whole id, with or without {@code sha256:}; then a name,
   * {@code latest} where it has no tag; then the beginning of an id.
   *
   * @throws Fault.NotFound {@code No such image: x:latest}
   * @throws Fault.InvalidArgument when it is neither a name nor an id
   */
  public Image get(String nameOrId) {
    throw new Fault.Unsupported("images are not there yet");
  }

  /** The image of an id. */
  public Optional<Image> find(Digest id) {
    throw new Fault.Unsupported("images are not there yet");
  }

  /** The image of a name; {@code latest} where it has neither tag nor digest. */
  public Optional<Image> find(Reference name) {
    throw new Fault.Unsupported("images are not there yet");
  }

  /**
   * The images that match, newest first.
   *
   * @param all also those without a name that others were made on
   * @throws Fault.NotFound when {@code before} or {@code since} name no image
   */
  public List<Image> list(ImageFilter filter, boolean all) {
    throw new Fault.Unsupported("images are not there yet");
  }

  /** The images made on this one. */
  public List<Image> children(Digest id) {
    throw new Fault.Unsupported("images are not there yet");
  }

  /**
   * How an image came to be, newest step first.
   *
   * @throws Fault.NotFound as {@link #get}
   */
  public List<HistoryEntry> history(String nameOrId) {
    throw new Fault.Unsupported("images are not there yet");
  }

  /** The configuration as it is stored, to the byte. */
  public byte[] configJson(Digest id) {
    throw new Fault.Unsupported("images are not there yet");
  }

  /**
   * Records an image made here. One of the same configuration that is there already gets the tags;
   * that is a success. The layers' blobs and snapshots must be there, kept by a {@link Hold} or an
   * image.
   */
  public Image add(NewImage image) {
    throw new Fault.Unsupported("images are not there yet");
  }

  /**
   * Gives an image one name more, taking it from whoever has it.
   *
   * @param name {@code latest} where it has no tag
   * @throws Fault.NotFound as {@link #get}
   * @throws Fault.InvalidArgument for a name with a digest
   */
  public Image tag(String nameOrId, Reference name) {
    throw new Fault.Unsupported("images are not there yet");
  }

  /**
   * Removes a name, and the image with its untagged parents when that was the last one; given an
   * id, all of its names.
   *
   * @param force also when a stopped container uses it, or several names in different repositories
   *     are on it
   * @param noPrune keep untagged parents
   * @throws Fault.NotFound as {@link #get}
   * @throws Fault.Conflict in Docker's words when it is in use, has several names or children
   */
  public List<Removed> remove(String nameOrId, boolean force, boolean noPrune) {
    throw new Fault.Unsupported("images are not there yet");
  }

  /**
   * Removes images that no container uses.
   *
   * @param filter {@code dangling} empty or true: only those without a name; false: all unused
   */
  public PruneReport prune(ImageFilter filter) {
    throw new Fault.Unsupported("images are not there yet");
  }
}
