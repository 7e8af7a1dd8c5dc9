package dev.kemas.image;

import dev.kemas.archive.AppliedLayer;
import dev.kemas.archive.Compression;
import dev.kemas.archive.LayerApplier;
import dev.kemas.content.BlobInfo;
import dev.kemas.content.Ingest;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import dev.kemas.snapshot.Fill;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One layer on its way in: while its bytes arrive they are written and hashed as a blob on one
 * thread and unpacked on another. What is unpacked has no name before the image is known to be
 * right, so nothing of a bad one is ever seen. Owned by one thread.
 */
final class LayerIntake implements AutoCloseable {
  /**
   * A layer that has arrived.
   *
   * @param diffId digest of the uncompressed tar
   * @param size bytes of the files in it
   */
  record Arrived(Descriptor blob, Digest diffId, long size) {}

  private final String name;
  private final Chunks chunks;
  private final Background<BlobInfo> storing;
  private final Background<AppliedLayer> applying;
  private final Compression compression;
  private final Optional<Digest> claimed;
  private final boolean resumable;
  private @Nullable Fill fill;
  private boolean ended;

  /**
   * @param resumable keep the bytes of a transfer that breaks off, for the next ingest of that key
   * @param claimed what the archive or manifest says the digest of these bytes is
   * @param compression what the first bytes tell; they are to be written too
   * @param fill where to unpack to; closed with this
   */
  LayerIntake(
      String name,
      Chunks.Pool pool,
      Ingest ingest,
      boolean resumable,
      OptionalLong size,
      Optional<Digest> claimed,
      Compression compression,
      LayerApplier applier,
      Fill fill,
      Consumer<Digest> beforeVisible) {
    this.name = name;
    this.claimed = claimed;
    this.resumable = resumable;
    this.compression = compression;
    this.fill = fill;
    this.chunks = new Chunks(pool, 2);
    this.storing =
        Background.start(
            "store " + name, () -> store(ingest, chunks.reader(0), size, beforeVisible));
    this.applying = Background.start("unpack " + name, () -> apply(applier, fill));
  }

  private BlobInfo store(
      Ingest ingest, InputStream in, OptionalLong size, Consumer<Digest> beforeVisible)
      throws IOException {
    try (in) {
      ingest.writeFrom(in);
      if (claimed.isPresent()) {
        beforeVisible.accept(claimed.get());
        return ingest.commit(size, claimed.get());
      }
      return ingest.commit(beforeVisible);
    } finally {
      if (resumable) {
        ingest.close();
      } else {
        ingest.abort();
      }
    }
  }

  private AppliedLayer apply(LayerApplier applier, Fill into) throws IOException {
    try (InputStream in = chunks.reader(1)) {
      // an uncompressed layer's diff id is the digest that storing it verifies: no second hash
      return compression == Compression.NONE
          ? applier.apply(in, into.target(), claimed.orElse(Digest.of(new byte[0])))
          : applier.apply(in, into.target());
    }
  }

  void write(byte[] bytes, int from, int length) {
    chunks.write(bytes, from, length);
  }

  void writeFrom(InputStream in) throws IOException {
    chunks.writeFrom(in);
  }

  /** All bytes were written. */
  void end() {
    ended = true;
    chunks.end();
  }

  /**
   * Waits until the layer is stored and unpacked.
   *
   * @throws Fault.DataLoss when the bytes do not match the digest that was claimed
   */
  Arrived await() throws IOException {
    BlobInfo blob = storing.get();
    AppliedLayer applied = applying.get();
    Digest diffId = compression == Compression.NONE ? blob.digest() : applied.diffId();
    return new Arrived(
        Descriptor.of(mediaType(compression, name), blob.digest(), blob.size()),
        diffId,
        applied.content());
  }

  static String mediaType(Compression compression, String name) {
    return switch (compression) {
      case NONE -> MediaType.OCI_LAYER;
      case GZIP -> MediaType.OCI_LAYER_GZIP;
      case ZSTD -> MediaType.OCI_LAYER_ZSTD;
      case XZ, BZIP2 ->
          throw new Fault.InvalidArgument(
              "layer " + name + " is packed with " + compression + ": use gzip, zstd or none");
    };
  }

  /** The unpacked layer, handed over once; {@link #close} does not touch it any more. */
  Optional<Fill> takeFill() {
    Optional<Fill> taken = Optional.ofNullable(fill);
    fill = null;
    return taken;
  }

  /** Stops what is under way and drops what was unpacked. */
  @Override
  public void close() {
    if (!ended) {
      ended = true;
      chunks.fail();
    }
    storing.awaitEnd();
    applying.awaitEnd();
    takeFill().ifPresent(Fill::close);
  }
}
