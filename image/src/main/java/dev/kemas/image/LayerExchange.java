package dev.kemas.image;

import dev.kemas.archive.Compression;
import dev.kemas.content.BlobReader;
import dev.kemas.content.BlobStore;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.SnapshotName;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Layers one by one, without an image around them: out to who keeps them elsewhere, and back.
 * Thread-safe.
 */
public final class LayerExchange {
  private final Layers layers;
  private final LayerBlobs layerBlobs;
  private final LayerPacker packer;
  private final BlobStore blobs;

  LayerExchange(Layers layers, LayerBlobs layerBlobs, LayerPacker packer, BlobStore blobs) {
    this.layers = layers;
    this.layerBlobs = layerBlobs;
    this.packer = packer;
    this.blobs = blobs;
  }

  /**
   * The layer with a compressed blob. The same layer gives the same blob.
   *
   * @throws Fault.NotFound when its blob is gone
   */
  public Layer packed(Hold hold, Layer layer) {
    return packed(hold, layer, Packing.USUAL);
  }

  /**
   * The layer with a blob as it is asked for. The same layer gives the same blob.
   *
   * @throws Fault.NotFound when its blob is gone
   */
  public Layer packed(Hold hold, Layer layer, Packing packing) {
    hold.keep(layer);
    try {
      return packer.pack(hold, layer, packing);
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot compress layer " + layer.diffId() + ": " + e.getMessage(), e);
    }
  }

  /** A layer's blob; what was dropped comes back when its first byte is asked for. */
  public BlobReader open(Hold hold, Descriptor blob) {
    return layerBlobs.lazily(hold, blob, LayerBlobs.Asking.ANYBODY);
  }

  /**
   * Takes a layer in, blob and files. What lies below must be there.
   *
   * @param layer what it is said to be
   * @param parent the chain id of what it lies upon; empty for nothing
   * @param in the blob; read as far as {@code layer} says, not closed
   * @throws Fault.DataLoss when it is another one; nothing of it stays then
   * @throws IOException what reading threw
   */
  public void receive(Hold hold, Layer layer, Optional<Digest> parent, InputStream in)
      throws IOException {
    hold.keep(layer);
    if (blobs.stat(layer.blob().digest()).isPresent()) {
      layers.place(hold, layer.blob(), layer.diffId(), parent);
      return;
    }
    InputStream bounded = new LayerBlobs.Bounded(in, layer.blob().size());
    byte[] head = bounded.readNBytes(Compression.HEAD);
    try (LayerIntake intake =
        layers.intake(
            layer.blob().digest().shortHex(),
            blobs.ingest(),
            false,
            OptionalLong.of(layer.blob().size()),
            Optional.of(layer.blob().digest()),
            Compression.detect(head, head.length),
            parent.map(SnapshotName::of),
            digest -> {})) {
      intake.write(head, 0, head.length);
      intake.writeFrom(bounded);
      intake.end();
      LayerIntake.Arrived arrived = intake.await();
      if (!arrived.diffId().equals(layer.diffId())) {
        throw new Fault.DataLoss(
            "layer %s unpacks to %s, not %s as is said of it"
                .formatted(layer.blob().digest(), arrived.diffId(), layer.diffId()));
      }
      layers.settle(hold, arrived, intake.takeFill(), parent);
    }
  }
}
