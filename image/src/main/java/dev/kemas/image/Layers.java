package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.SnapshotName;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Layers: out of running file systems and archives, into blobs and committed snapshots. One work
 * per layer, also when several ask for it at once. Thread-safe.
 *
 * <p>What a method makes is kept for the caller by the {@link Hold} that it names, and by nothing
 * else until an image is recorded ({@link Images#add}).
 */
public final class Layers {
  Layers() {}

  /**
   * A hold on nothing yet.
   *
   * @param purpose for messages: {@code build of fraud-detection:latest}
   */
  public Hold hold(String purpose) {
    throw new Fault.Unsupported("images are not there yet");
  }

  /**
   * Makes the difference of an active snapshot, which must not be mounted, to its parent a layer,
   * and the snapshot itself the committed one of that layer. The active snapshot is gone then.
   *
   * @param parent the chain that the snapshot was prepared on; empty for none
   * @throws Fault.NotFound when there is no such active snapshot
   */
  public Layer commit(Hold hold, SnapshotName active, Optional<Digest> parent) {
    throw new Fault.Unsupported("images are not there yet");
  }

  /**
   * Makes the difference of an active snapshot to its parent a layer and leaves the snapshot as it
   * is, mounted or not: {@code docker commit}. Stop or pause what writes in it.
   *
   * @param parent the chain that the snapshot was prepared on; empty for none
   * @throws Fault.NotFound when there is no such active snapshot
   */
  public Layer capture(Hold hold, SnapshotName active, Optional<Digest> parent) {
    throw new Fault.Unsupported("images are not there yet");
  }

  /**
   * Makes a tar archive, compressed or not, a layer. The stream is read to its end and not closed.
   *
   * @param parent the chain that it lies upon; empty for none
   * @throws Fault.InvalidArgument when the archive is malformed or tries to leave its root
   * @throws IOException what reading the stream threw
   */
  public Layer add(Hold hold, InputStream tar, Optional<Digest> parent) throws IOException {
    throw new Fault.Unsupported("images are not there yet");
  }

  /**
   * Makes sure that the committed snapshots of these layers are there, unpacking those that are not
   * from their blobs. Costs nothing when the topmost is there.
   *
   * @param layers lowest first, as {@link Image#layers} has them
   * @return the topmost snapshot; empty when there are no layers
   * @throws Fault.DataLoss when a blob is gone or is not what its digest says
   */
  public Optional<SnapshotName> ensureUnpacked(List<Layer> layers) {
    throw new Fault.Unsupported("images are not there yet");
  }
}
