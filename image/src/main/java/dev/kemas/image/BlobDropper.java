package dev.kemas.image;

import dev.kemas.archive.Compression;
import dev.kemas.archive.TarRecipe;
import dev.kemas.content.BlobInfo;
import dev.kemas.content.BlobReader;
import dev.kemas.content.BlobStore;
import dev.kemas.content.Ingest;
import dev.kemas.fault.Fault;
import dev.kemas.metadata.Leases;
import dev.kemas.metadata.Resource;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the blobs of layers that are unpacked ({@code content.keep-compressed=false}). One goes
 * only when it was just made again, to the byte, from the unpacked layer, or when the registry that
 * its image came from says that it has it; and only when all that brings it back has reached the
 * disk. Thread-safe.
 */
public final class BlobDropper {
  private static final Logger LOG = LoggerFactory.getLogger(BlobDropper.class);

  private final BlobStore blobs;
  private final Snapshotter snapshots;
  private final Leases leases;
  private final Catalog catalog;
  private final LayerBlobs layerBlobs;
  private final ReentrantLock working = new ReentrantLock();
  // what another program compressed is not tried again for as long as this process lives
  private final Set<Digest> foreign = ConcurrentHashMap.newKeySet();

  BlobDropper(
      BlobStore blobs,
      Snapshotter snapshots,
      Leases leases,
      Catalog catalog,
      LayerBlobs layerBlobs) {
    this.blobs = blobs;
    this.snapshots = snapshots;
    this.leases = leases;
    this.catalog = catalog;
    this.layerBlobs = layerBlobs;
  }

  /**
   * Drops what can go now, one layer after the other; what is in use stays until the next call. May
   * take long: it reads each layer that is still to be dropped twice.
   *
   * @return bytes freed
   */
  public long dropAll() {
    working.lock();
    try {
      forget();
      long freed = 0;
      Set<Digest> seen = new HashSet<>();
      for (StoredImage image : catalog.all()) {
        for (Layer layer : image.layers()) {
          if (seen.add(layer.blob().digest())) {
            freed += dropOne(layer);
          }
        }
      }
      return freed;
    } finally {
      working.unlock();
    }
  }

  /** Records whose images are gone; what somebody works with stays. */
  private void forget() {
    Set<Digest> needed = new HashSet<>();
    catalog.all().forEach(i -> i.layers().forEach(l -> needed.add(l.blob().digest())));
    for (DroppedBlob dropped : catalog.dropped()) {
      Digest digest = dropped.blob().digest();
      if (!needed.contains(digest)) {
        leases.unlessHeld(
            Resource.blob(digest),
            () -> {
              if (catalog.layerOf(digest).isEmpty()) {
                catalog.forgetDropped(digest);
              }
            });
      }
    }
  }

  private long dropOne(Layer layer) {
    Descriptor blob = layer.blob();
    Optional<BlobInfo> here = blobs.stat(blob.digest());
    if (here.isEmpty() || snapshots.stat(SnapshotName.of(layer.chainId())).isEmpty()) {
      return 0;
    }
    try (Hold hold = new Hold(leases.take("dropping of " + blob.digest()))) {
      hold.keepSnapshot(layer.chainId());
      if (!canComeBack(hold, layer)) {
        return 0;
      }
      snapshots.sync();
      blobs.sync();
      // who holds it may read it at this moment, or count on it
      boolean gone =
          leases.unlessHeld(Resource.blob(blob.digest()), () -> blobs.delete(blob.digest()));
      if (gone) {
        LOG.debug("dropped blob {} of an unpacked layer", blob.digest());
      }
      return gone ? here.get().size() : 0;
    } catch (IOException | Fault e) {
      LOG.warn("blob {} stays: {}", blob.digest(), e.getMessage());
      return 0;
    }
  }

  private boolean canComeBack(Hold hold, Layer layer) throws IOException {
    Digest digest = layer.blob().digest();
    Optional<DroppedBlob> known = catalog.dropped(digest);
    if (known.isPresent() && known.get().recipe().map(this::isHere).orElse(true)) {
      return true;
    }
    // a compressor may be another one tomorrow: what no registry ever had is kept as it came
    boolean lasting =
        LayerBlobs.compression(layer.blob()) == Compression.NONE
            || !catalog.sourcesOf(digest).isEmpty();
    boolean ours = lasting && !foreign.contains(digest) && isOurs(layer.blob());
    if (ours) {
      Digest recipe = recipe(hold, layer);
      if (makes(recipe, layer)) {
        catalog.drop(new DroppedBlob(layer.blob(), layer.chainId(), Optional.of(recipe)));
        return true;
      }
    }
    if (lasting) {
      foreign.add(digest);
    }
    if (!layerBlobs.isElsewhere(digest)) {
      return false;
    }
    catalog.drop(new DroppedBlob(layer.blob(), layer.chainId(), Optional.empty()));
    return true;
  }

  private boolean isHere(Digest recipe) {
    return blobs.stat(recipe).isPresent();
  }

  /** Whether our own compressor makes the same bytes; another's differ within the first block. */
  private boolean isOurs(Descriptor blob) throws IOException {
    Compression compression = LayerBlobs.compression(blob);
    if (compression == Compression.NONE) {
      return true;
    }
    try (BlobReader packed = blobs.open(blob.digest());
        InputStream plain = LayerBlobs.plain(packed);
        SameBytes same = new SameBytes(packed)) {
      try (OutputStream out = compression.compress(same)) {
        plain.transferTo(out);
      }
      return same.atEnd();
    } catch (SameBytes.Different e) {
      return false;
    }
  }

  private Digest recipe(Hold hold, Layer layer) throws IOException {
    Ingest ingest = blobs.ingest();
    try (BlobReader packed = blobs.open(layer.blob().digest());
        InputStream plain = LayerBlobs.plain(packed)) {
      TarRecipe.write(plain, layerBlobs.folder(layer.chainId()), new IngestStream(ingest));
      return ingest.commit(hold::keepBlob).digest();
    } finally {
      ingest.abort();
    }
  }

  /** The proof: what the recipe makes now is compared with the blob, byte by byte. */
  private boolean makes(Digest recipe, Layer layer) throws IOException {
    try (BlobReader packed = blobs.open(layer.blob().digest());
        BlobReader how = blobs.open(recipe);
        SameBytes same = new SameBytes(packed)) {
      try (OutputStream out = LayerBlobs.compression(layer.blob()).compress(same)) {
        TarRecipe.assemble(how.stream(), layerBlobs.folder(layer.chainId()), out);
      }
      return same.atEnd();
    } catch (SameBytes.Different e) {
      return false;
    }
  }
}
