package dev.kemas.image;

import dev.kemas.archive.Compression;
import dev.kemas.content.BlobInfo;
import dev.kemas.content.BlobStore;
import dev.kemas.content.Ingest;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.registry.client.RemoteBlob;
import dev.kemas.registry.client.Repository;
import dev.kemas.snapshot.Fill;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Gets layers from registries, each blob once however many ask. Thread-safe. */
final class LayerFetcher {
  private final Layers layers;
  private final BlobStore blobs;
  private final Turns turns;
  private final SingleFlight<Digest, BlobInfo> fetching = new SingleFlight<>();

  /**
   * @param atOnce how many downloads, for all pulls together
   */
  LayerFetcher(Layers layers, BlobStore blobs, IntSupplier atOnce) {
    this.turns = new Turns(atOnce);
    this.layers = layers;
    this.blobs = blobs;
  }

  /** What one pull shares between its layers. */
  record Pull(Repository repository, Hold hold, Meter meter) {}

  /**
   * A layer that is here now.
   *
   * @param fill what was unpacked while it came; empty where the blob was here
   */
  record Fetched(Optional<LayerIntake.Arrived> arrived, Optional<Fill> fill)
      implements AutoCloseable {
    @Override
    public void close() {
      fill.ifPresent(Fill::close);
    }
  }

  /** Where the work leaves what only its own caller may have. */
  private static final class Slot {
    @Nullable Fetched fetched;
  }

  /**
   * @param unpack whether the layer is wanted unpacked too
   */
  Fetched fetch(Pull pull, Descriptor blob, boolean unpack) throws IOException {
    pull.hold().keepBlob(blob.digest());
    Slot slot = new Slot();
    String id = blob.digest().shortHex();
    fetching.run(
        blob.digest(),
        () -> {
          Optional<BlobInfo> present = blobs.stat(blob.digest());
          if (present.isPresent()) {
            return present.get();
          }
          pull.meter().state(id, "Waiting");
          try (Turns.Turn _ = turns.take("download of " + id)) {
            slot.fetched = download(pull, blob, unpack);
          }
          return blobs
              .stat(blob.digest())
              .orElseThrow(
                  () -> new Fault.Unavailable("blob " + blob.digest() + " was removed meanwhile"));
        });
    Fetched mine = slot.fetched;
    return mine == null ? new Fetched(Optional.empty(), Optional.empty()) : mine;
  }

  private Fetched download(Pull pull, Descriptor blob, boolean unpack) throws IOException {
    String id = blob.digest().shortHex();
    Ingest ingest = blobs.ingest("layer-" + blob.digest());
    long have = ingest.offset();
    try (RemoteBlob remote = open(pull.repository(), blob, have)) {
      if (remote.offset() != have) {
        ingest.restart();
        have = 0;
      }
      InputStream counted = new Counted(remote.stream(), pull.meter(), id, have, blob.size());
      if (have == 0 && unpack && layers.unpacksInAnyOrder()) {
        return together(pull, blob, ingest, counted);
      }
      ingest.writeFrom(counted);
      pull.meter().state(id, "Verifying Checksum");
      ingest.commit(OptionalLong.of(blob.size()), blob.digest());
      pull.meter().state(id, "Download complete");
      return new Fetched(Optional.empty(), Optional.empty());
    } finally {
      ingest.close();
    }
  }

  /** From the registry, or from where the image says that a foreign layer lies. */
  private static RemoteBlob open(Repository repository, Descriptor blob, long offset) {
    try {
      return repository.blob(blob, offset);
    } catch (Fault.NotFound e) {
      Fault last = e;
      for (String address : blob.urls()) {
        try {
          return repository.blobAt(address(address), offset);
        } catch (Fault.NotFound | Fault.Unavailable elsewhere) {
          last = elsewhere;
        }
      }
      throw last;
    }
  }

  private static URI address(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new Fault.InvalidArgument("invalid address of a layer: " + text, e);
    }
  }

  /** Unpacks what comes while it comes. */
  private Fetched together(Pull pull, Descriptor blob, Ingest ingest, InputStream in)
      throws IOException {
    String id = blob.digest().shortHex();
    byte[] head = in.readNBytes(Compression.HEAD);
    try (LayerIntake intake =
        layers.intake(
            id,
            ingest,
            true,
            OptionalLong.of(blob.size()),
            Optional.of(blob.digest()),
            Compression.detect(head, head.length),
            Optional.empty(),
            digest -> pull.meter().state(id, "Verifying Checksum"))) {
      intake.write(head, 0, head.length);
      intake.writeFrom(in);
      intake.end();
      LayerIntake.Arrived arrived = intake.await();
      pull.meter().state(id, "Download complete");
      return new Fetched(Optional.of(arrived), intake.takeFill());
    }
  }

  /** Tells how far a download is. */
  private static final class Counted extends java.io.FilterInputStream {
    private final Meter meter;
    private final String id;
    private final long total;
    private long done;

    Counted(InputStream in, Meter meter, String id, long done, long total) {
      super(in);
      this.meter = meter;
      this.id = id;
      this.done = done;
      this.total = total;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int n = in.read(bytes, from, length);
      if (n > 0) {
        done += n;
        if (done > total) {
          throw new IOException("layer " + id + " is longer than its manifest says");
        }
        meter.at(id, "Downloading", done, total);
      }
      return n;
    }
  }
}
