package dev.kemas.image;

import dev.kemas.archive.Compression;
import dev.kemas.content.BlobInfo;
import dev.kemas.content.BlobReader;
import dev.kemas.content.BlobStore;
import dev.kemas.content.Ingest;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;

/**
 * Compresses layers that are kept as plain tar, for those who get them over a network. Each layer
 * once, however many ask. Thread-safe.
 */
final class LayerPacker {
  /** Compressing one layer keeps all processors busy. */
  private static final int AT_ONCE = 1;

  private static final int PIECE = 256 * 1024;

  private final BlobStore blobs;
  private final LayerBlobs layerBlobs;
  private final Catalog catalog;
  private final Semaphore turns = new Semaphore(AT_ONCE, true);
  private final SingleFlight<Digest, Descriptor> packing = new SingleFlight<>();

  LayerPacker(BlobStore blobs, LayerBlobs layerBlobs, Catalog catalog) {
    this.layerBlobs = layerBlobs;
    this.blobs = blobs;
    this.catalog = catalog;
  }

  /** Whether a layer is kept as plain tar. */
  static boolean isPlain(Layer layer) {
    return layer.blob().digest().equals(layer.diffId());
  }

  /**
   * The same layer with a compressed blob. The same bytes give the same blob at any time.
   *
   * @param progress told how many plain bytes are through
   * @throws dev.kemas.fault.Fault.NotFound when the plain blob is gone
   */
  Layer pack(Hold hold, Layer layer, LongConsumer progress) throws IOException {
    while (true) {
      Descriptor blob =
          packing.run(
              layer.diffId(),
              () -> {
                Optional<Descriptor> known =
                    catalog
                        .packed(layer.diffId())
                        .map(Layer::blob)
                        .or(() -> catalog.pushes().packed(layer.diffId()))
                        .filter(this::isHere);
                if (known.isPresent()) {
                  return known.get();
                }
                turns.acquire();
                try {
                  layerBlobs.restore(hold, layer.blob(), LayerBlobs.Asking.ANYBODY);
                  return compress(layer, progress);
                } finally {
                  turns.release();
                }
              });
      hold.keepBlob(blob.digest());
      // nothing kept it before: a collection may have been faster
      if (isHere(blob)) {
        return new Layer(layer.diffId(), layer.chainId(), blob, layer.size());
      }
    }
  }

  private boolean isHere(Descriptor blob) {
    return layerBlobs.has(blob.digest());
  }

  private Descriptor compress(Layer layer, LongConsumer progress) throws IOException {
    Ingest ingest = blobs.ingest();
    try (BlobReader plain = blobs.open(layer.blob().digest());
        InputStream in = plain.stream()) {
      try (OutputStream out = Compression.GZIP.compress(new IngestStream(ingest))) {
        byte[] piece = new byte[PIECE];
        long done = 0;
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
          out.write(piece, 0, n);
          done += n;
          progress.accept(done);
        }
      }
      long size = ingest.offset();
      BlobInfo packed =
          ingest.commit(digest ->
              catalog
                  .pushes()
                  .packed(layer.diffId(), Descriptor.of(MediaType.OCI_LAYER_GZIP, digest, size)));
      return Descriptor.of(MediaType.OCI_LAYER_GZIP, packed.digest(), size);
    } finally {
      ingest.abort();
    }
  }
}
