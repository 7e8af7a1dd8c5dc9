package dev.kemas.image;

import dev.kemas.archive.Compression;
import dev.kemas.archive.LayerApplier;
import dev.kemas.archive.LayerWriter;
import dev.kemas.archive.Limits;
import dev.kemas.archive.WrittenLayer;
import dev.kemas.content.BlobStore;
import dev.kemas.content.Ingest;
import dev.kemas.fault.Fault;
import dev.kemas.metadata.Leases;
import dev.kemas.metadata.Resource;
import dev.kemas.oci.ChainId;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import dev.kemas.snapshot.Fill;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Layers: out of running file systems and archives, into blobs and committed snapshots. One work
 * per layer, also when several ask for it at once. Thread-safe.
 *
 * <p>What a method makes is kept for the caller by the {@link Hold} that it names, and by nothing
 * else until an image is recorded ({@link Images#add}).
 */
public final class Layers {
  /** 12 MiB for all layers on their way in: enough that no disk or network waits for another. */
  private static final int POOLED_CHUNKS = 48;

  /** More files than any image has; each takes the disk's and the kernel's memory. */
  private static final long MOST_ENTRIES = 20_000_000;

  private final BlobStore blobs;
  private final LayerBlobs layerBlobs;
  private final LayerRecipes recipes;
  private final Snapshotter snapshots;
  private final Leases leases;
  private final Catalog catalog;
  private final DiskSpace disk;
  private final LayerWriter writer = new LayerWriter(Compression.NONE);
  private final Chunks.Pool pool = new Chunks.Pool(POOLED_CHUNKS);
  private final Map<Digest, Layer> made = new ConcurrentHashMap<>();
  private final LayerUnpacking unpacking;

  Layers(
      BlobStore blobs,
      LayerBlobs layerBlobs,
      LayerRecipes recipes,
      Snapshotter snapshots,
      Leases leases,
      Catalog catalog,
      DiskSpace disk) {
    this.layerBlobs = layerBlobs;
    this.recipes = recipes;
    this.disk = disk;
    this.catalog = catalog;
    this.blobs = blobs;
    this.snapshots = snapshots;
    this.leases = leases;
    this.unpacking = new LayerUnpacking(snapshots, layerBlobs, leases, this::applier);
  }

  /**
   * A hold on nothing yet.
   *
   * @param purpose for messages: {@code build of fraud-detection:latest}
   */
  public Hold hold(String purpose) {
    return new Hold(leases.take(purpose));
  }

  /**
   * Makes the difference of an active snapshot, which must not be mounted, to its parent a layer,
   * and the snapshot itself the committed one of that layer. The active snapshot is gone then.
   *
   * @param parent the chain that the snapshot was prepared on; empty for none
   * @throws Fault.NotFound when there is no such active snapshot
   */
  public Layer commit(Hold hold, SnapshotName active, Optional<Digest> parent) {
    Layer layer = describe(hold, active, parent);
    snapshots.commit(active, SnapshotName.of(layer.chainId()));
    return layer;
  }

  /**
   * The layer that a snapshot becomes. Its archive is written only where that is little: all the
   * files stay in the snapshot, so that of a large one it is enough to know how it is made.
   */
  private Layer describe(Hold hold, SnapshotName active, Optional<Digest> parent) {
    try (Spool tar = Spool.orNothing();
        Spool recipe = Spool.orBlob(blobs)) {
      WrittenLayer written = writer.write(snapshots.changes(active), tar, recipe);
      Layer layer = layer(written, parent);
      hold.keep(layer);
      if (tar.isSmall()) {
        commit(tar.ingest(blobs), written);
      } else {
        Digest how = take(recipe.ingest(blobs), hold::keepBlob);
        recipes.add(new LayerRecipe(layer.blob(), layer.chainId(), how));
      }
      made.put(layer.chainId(), layer);
      return layer;
    } catch (IOException e) {
      throw unwritable(active, e);
    }
  }

  private static void commit(Ingest ingest, WrittenLayer written) {
    try {
      ingest.commit(written.writtenSize(), written.digest());
    } finally {
      ingest.abort();
    }
  }

  private static Digest take(Ingest ingest, Consumer<Digest> beforeVisible) {
    try {
      return ingest.commit(beforeVisible).digest();
    } finally {
      ingest.abort();
    }
  }

  private static Layer layer(WrittenLayer written, Optional<Digest> parent) {
    return new Layer(
        written.diffId(),
        ChainId.of(parent, written.diffId()),
        Descriptor.of(MediaType.OCI_LAYER, written.digest(), written.writtenSize()),
        written.content());
  }

  private static Fault unwritable(SnapshotName active, IOException e) {
    return new Fault.Unavailable(
        "cannot write the changes of " + active + " as a layer: " + e.getMessage(), e);
  }

  /**
   * Makes the difference of an active snapshot to its parent a layer and leaves the snapshot as it
   * is, mounted or not: {@code docker commit}. Stop or pause what writes in it.
   *
   * @param parent the chain that the snapshot was prepared on; empty for none
   * @throws Fault.NotFound when there is no such active snapshot
   */
  public Layer capture(Hold hold, SnapshotName active, Optional<Digest> parent) {
    Layer layer = write(hold, active, parent);
    hold.keepSnapshot(layer.chainId());
    unpacking.unpack(layer, parent);
    return layer;
  }

  private Layer write(Hold hold, SnapshotName active, Optional<Digest> parent) {
    Ingest ingest = blobs.ingest();
    try {
      WrittenLayer written = writer.write(snapshots.changes(active), new IngestStream(ingest));
      hold.keepBlob(written.digest());
      commit(ingest, written);
      Layer layer = layer(written, parent);
      made.put(layer.chainId(), layer);
      return layer;
    } catch (IOException e) {
      throw unwritable(active, e);
    } finally {
      ingest.abort();
    }
  }

  /**
   * Makes a tar archive, compressed or not, a layer. The stream is read to its end and not closed.
   * The layer is kept uncompressed.
   *
   * @param parent the chain that it lies upon; empty for none
   * @throws Fault.InvalidArgument when the archive is malformed or tries to leave its root
   * @throws IOException what reading the stream threw
   */
  public Layer add(Hold hold, InputStream tar, Optional<Digest> parent) throws IOException {
    Optional<SnapshotName> below = parent.map(SnapshotName::of);
    InputStream plain = Compression.open(new Unclosed(tar), Limits.none()).stream();
    try (LayerIntake intake =
        intake(
            "of an archive",
            blobs.ingest(),
            false,
            OptionalLong.empty(),
            Optional.empty(),
            Compression.NONE,
            below,
            hold::keepBlob)) {
      intake.writeFrom(plain);
      intake.end();
      LayerIntake.Arrived arrived = intake.await();
      return settle(hold, arrived, intake.takeFill(), parent);
    }
  }

  /** Whether a layer can be unpacked before those below it are there. */
  boolean unpacksInAnyOrder() {
    return snapshots.fillsWithoutParent();
  }

  /** A layer may take the disk that is free, and no more: what unfolds without end is refused. */
  private LayerApplier applier() {
    return new LayerApplier(Limits.of(disk.free(), MOST_ENTRIES));
  }

  /** Takes a layer in, see {@link LayerIntake}. */
  LayerIntake intake(
      String name,
      Ingest ingest,
      boolean resumable,
      OptionalLong size,
      Optional<Digest> claimed,
      Compression compression,
      Optional<SnapshotName> parent,
      Consumer<Digest> beforeVisible) {
    Fill fill = snapshots.fill(snapshots.fillsWithoutParent() ? Optional.empty() : parent);
    return new LayerIntake(
        name, pool, ingest, resumable, size, claimed, compression, applier(), fill, beforeVisible);
  }

  /** Gives a layer that has arrived its place in a chain. */
  Layer settle(
      Hold hold, LayerIntake.Arrived arrived, Optional<Fill> fill, Optional<Digest> parent) {
    Layer layer =
        new Layer(
            arrived.diffId(), ChainId.of(parent, arrived.diffId()), arrived.blob(), arrived.size());
    hold.keepSnapshot(layer.chainId());
    SnapshotName name = SnapshotName.of(layer.chainId());
    if (snapshots.stat(name).isPresent()) {
      fill.ifPresent(Fill::close);
    } else if (fill.isPresent()) {
      fill.get().commit(name, parent.map(SnapshotName::of));
    } else {
      unpacking.unpack(layer, parent);
    }
    return layer;
  }

  /** Gives a layer whose blob is here its place in a chain, unpacking it if need be. */
  Layer place(Hold hold, Descriptor blob, Digest diffId, Optional<Digest> parent) {
    Digest chain = ChainId.of(parent, diffId);
    hold.keepSnapshot(chain);
    Layer layer = new Layer(diffId, chain, blob, blob.size());
    unpacking.unpack(layer, parent);
    return new Layer(diffId, chain, blob, contentSize(chain, blob));
  }

  /**
   * A layer's changes above another file system: the same files where its folder is here, unpacked
   * from its blob otherwise. Costs nothing when they are there already.
   *
   * @param layer made upon nothing
   * @param parent the chain that it is to lie upon; empty for none
   */
  public Layer above(Hold hold, Layer layer, Optional<Digest> parent) {
    Digest chain = ChainId.of(parent, layer.diffId());
    Layer moved = new Layer(layer.diffId(), chain, layer.blob(), layer.size());
    hold.keepBlob(layer.blob().digest());
    hold.keepSnapshot(chain);
    unpacking.move(layer, moved, parent);
    recipes
        .of(layer.blob().digest())
        .ifPresent(known -> {
          hold.keepBlob(known.recipe());
          recipes.add(new LayerRecipe(layer.blob(), chain, known.recipe()));
        });
    made.put(chain, moved);
    return moved;
  }

  /**
   * What a layer needs beside its files, for the garbage collector: how its blob is made.
   *
   * @param snapshot of any name
   */
  public List<Resource> beside(SnapshotName snapshot) {
    return recipes.beside(snapshot);
  }

  /** Whether the file system up to this chain id is there. */
  boolean unpacked(Digest chainId) {
    return snapshots.stat(SnapshotName.of(chainId)).isPresent();
  }

  /**
   * Makes sure that the committed snapshots of these layers are there, unpacking those that are not
   * from their blobs, several at once where the snapshotter allows it. Costs nothing when the
   * topmost is there.
   *
   * @param layers lowest first, as {@link Image#layers} has them
   * @return the topmost snapshot; empty when there are no layers
   * @throws Fault.DataLoss when a blob is gone or is not what its digest says
   */
  public Optional<SnapshotName> ensureUnpacked(List<Layer> layers) {
    if (layers.isEmpty()) {
      return Optional.empty();
    }
    SnapshotName top = SnapshotName.of(layers.getLast().chainId());
    if (snapshots.stat(top).isEmpty()) {
      try (Hold hold = hold("unpacking of " + layers.getLast().chainId())) {
        hold.keepSnapshot(layers.getLast().chainId());
        unpacking.unpackAll(layers);
      }
    }
    return Optional.of(top);
  }

  /**
   * Whether a layer is there, its file system and its blob, or what brings the blob back; no disk
   * is read.
   */
  public boolean has(Layer layer) {
    return snapshots.stat(SnapshotName.of(layer.chainId())).isPresent()
        && layerBlobs.has(layer.blob().digest());
  }

  /**
   * The layers of a manifest, for who has only their descriptors.
   *
   * @param diffIds lowest first
   * @param descriptors the blobs, in the same order
   * @throws Fault.InvalidArgument when there are not as many of one as of the other
   */
  public List<Layer> describe(List<Digest> diffIds, List<Descriptor> descriptors) {
    if (diffIds.size() != descriptors.size()) {
      throw new Fault.InvalidArgument(
          "an image of "
              + diffIds.size()
              + " layers cannot have "
              + descriptors.size()
              + " layer blobs");
    }
    List<Layer> described = new ArrayList<>();
    Optional<Digest> parent = Optional.empty();
    for (int i = 0; i < diffIds.size(); i++) {
      Digest chain = ChainId.of(parent, diffIds.get(i));
      long size = contentSize(chain, descriptors.get(i));
      described.add(new Layer(diffIds.get(i), chain, descriptors.get(i), size));
      parent = Optional.of(chain);
    }
    return List.copyOf(described);
  }

  private long contentSize(Digest chain, Descriptor blob) {
    Optional<Long> known =
        Optional.ofNullable(made.get(chain))
            .or(() -> catalog.layerOf(blob.digest()))
            .map(Layer::size);
    if (known.isPresent()) {
      return known.get();
    }
    SnapshotName name = SnapshotName.of(chain);
    return snapshots.stat(name).isPresent() ? snapshots.usage(name).bytes() : blob.size();
  }
}
