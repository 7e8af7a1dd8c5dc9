package dev.kemas.image;

import dev.kemas.metadata.Lease;
import dev.kemas.metadata.Resource;
import dev.kemas.oci.Digest;

/**
 * Keeps layers and blobs from being collected while something is made of them that no image and no
 * other root names yet. Made by {@link Layers#hold}. Close it once what needs them for good is
 * recorded. Thread-safe; it lives in memory only, as the work it stands for does.
 */
public final class Hold implements AutoCloseable {
  private final Lease lease;

  Hold(Lease lease) {
    this.lease = lease;
  }

  /** Keeps a layer with all below it, and its blob. */
  public void keep(Layer layer) {
    keepBlob(layer.blob().digest());
    keepSnapshot(layer.chainId());
  }

  void keepBlob(Digest digest) {
    lease.add(Resource.blob(digest));
  }

  void keepSnapshot(Digest chainId) {
    lease.add(Resource.snapshot(chainId.hex()));
  }

  Lease lease() {
    return lease;
  }

  /** Gives all up; a second call does nothing. */
  @Override
  public void close() {
    lease.close();
  }
}
