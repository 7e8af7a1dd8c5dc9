package dev.kemas.image;

import dev.kemas.archive.Compression;
import dev.kemas.content.BlobInfo;
import dev.kemas.content.BlobReader;
import dev.kemas.content.BlobStore;
import dev.kemas.content.Ingest;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;

/**
 * Compresses layers that are kept as plain tar, for those who get them over a network. Each layer
 * once, however many ask. Thread-safe.
 */
final class LayerPacker {
  /** Compressing one layer keeps all processors busy. */
  private static final int AT_ONCE = 1;

  /** Tells how many bytes went by. */
  private static final class Told extends FilterOutputStream {
    private final LongConsumer progress;
    private long done;

    Told(OutputStream out, LongConsumer progress) {
      super(out);
      this.progress = progress;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      done += length;
      progress.accept(done);
    }
  }

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
                        .filter(one -> LayerBlobs.compression(one) == Compression.GZIP)
                        .or(() -> catalog.pushes().packed(layer.diffId()))
                        .filter(this::isHere);
                if (known.isPresent()) {
                  return known.get();
                }
                turns.acquire();
                try {
                  return compress(hold, layer, progress);
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

  /**
   * The same layer in a blob as somebody asks for it.
   *
   * @throws dev.kemas.fault.Fault.NotFound when its blob is gone
   */
  Layer pack(Hold hold, Layer layer, Packing packing) throws IOException {
    Compression now = LayerBlobs.compression(layer.blob());
    boolean usual = packing.level().isEmpty();
    boolean asWanted = now == packing.compression() && usual;
    if (asWanted || (!isPlain(layer) && !packing.force()) || !layer.blob().urls().isEmpty()) {
      return layer;
    }
    if (isPlain(layer) && usual && packing.compression() == Compression.GZIP) {
      return pack(hold, layer, done -> {});
    }
    return packing.compression() == Compression.NONE
        ? plain(hold, layer)
        : anew(hold, layer, packing);
  }

  private Layer plain(Hold hold, Layer layer) throws IOException {
    hold.keepBlob(layer.diffId());
    Optional<BlobInfo> here = blobs.stat(layer.diffId());
    BlobInfo blob =
        here.isPresent() ? here.get() : written(hold, layer, Compression.NONE, OptionalInt.empty());
    if (!blob.digest().equals(layer.diffId())) {
      throw new Fault.DataLoss(
          "layer %s unpacks to %s, not to %s as its image says"
              .formatted(layer.blob().digest(), blob.digest(), layer.diffId()));
    }
    return with(layer, Descriptor.of(MediaType.OCI_LAYER, layer.diffId(), blob.size()));
  }

  private Layer anew(Hold hold, Layer layer, Packing packing) throws IOException {
    BlobInfo blob = written(hold, layer, packing.compression(), packing.level());
    String type =
        packing.compression() == Compression.ZSTD
            ? MediaType.OCI_LAYER_ZSTD
            : MediaType.OCI_LAYER_GZIP;
    return with(layer, Descriptor.of(type, blob.digest(), blob.size()));
  }

  private static Layer with(Layer layer, Descriptor blob) {
    return new Layer(layer.diffId(), layer.chainId(), blob, layer.size());
  }

  private BlobInfo written(Hold hold, Layer layer, Compression compression, OptionalInt level)
      throws IOException {
    layerBlobs.restore(hold, layer.blob(), LayerBlobs.Asking.ANYBODY);
    Ingest ingest = blobs.ingest();
    try (BlobReader blob = blobs.open(layer.blob().digest());
        InputStream in = LayerBlobs.plain(blob)) {
      try (OutputStream out = compression.compress(new IngestStream(ingest), level)) {
        in.transferTo(out);
      }
      return ingest.commit(hold::keepBlob);
    } finally {
      ingest.abort();
    }
  }

  private boolean isHere(Descriptor blob) {
    return layerBlobs.has(blob.digest());
  }

  private Descriptor compress(Hold hold, Layer layer, LongConsumer progress) throws IOException {
    Ingest ingest = blobs.ingest();
    try {
      try (OutputStream packed = Compression.GZIP.compress(new IngestStream(ingest))) {
        layerBlobs.write(hold, layer.blob(), new Told(packed, progress));
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
