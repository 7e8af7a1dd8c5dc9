package dev.kemas.build;

import dev.kemas.archive.Compression;
import dev.kemas.archive.LayerWriter;
import dev.kemas.archive.WrittenLayer;
import dev.kemas.content.BlobStore;
import dev.kemas.content.Ingest;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Mount;
import dev.kemas.linux.MountTable;
import dev.kemas.linux.Mounter;
import dev.kemas.linux.Stat;
import dev.kemas.oci.ChainId;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import dev.kemas.snapshot.Changes;
import dev.kemas.snapshot.SnapshotInfo;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Layers} by snapshots and blobs: a workspace is an active snapshot, a layer a committed one
 * under its chain id and an uncompressed tar under its diff id.
 *
 * <p>All snapshots in the making are called {@code build-…} and mounted beneath one folder, so what
 * a killed process left is known by its name; {@link #collect} removes it.
 */
public final class SnapshotLayers implements Layers {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotLayers.class);
  private static final String PREFIX = "build-";
  private static final int BUFFER = 1 << 17;

  private final Snapshotter snapshots;
  private final BlobStore blobs;
  private final Mounter mounter;
  private final Path mounts;
  private final LayerWriter writer = new LayerWriter(Compression.NONE);

  /**
   * Uses these stores.
   *
   * @param mounts a folder of the builder's own, to mount in
   */
  public SnapshotLayers(Snapshotter snapshots, BlobStore blobs, Mounter mounter, Path mounts) {
    this.snapshots = snapshots;
    this.blobs = blobs;
    this.mounter = mounter;
    this.mounts = mounts;
  }

  /** Removes what builds of a process that is no more have left; to be called before any build. */
  public void collect() {
    if (Files.isDirectory(mounts)) {
      for (MountTable.Entry mount : MountTable.read().beneath(mounts)) {
        mounter.unmount(mount.target());
      }
    }
    List<SnapshotName> left = new ArrayList<>();
    snapshots.walk(info -> {
      boolean made = info.kind() != SnapshotInfo.Kind.COMMITTED;
      if (made && info.name().value().startsWith(PREFIX)) {
        left.add(info.name());
      }
    });
    for (SnapshotName name : left) {
      LOG.info("removing {}, left by a build that did not end", name);
      snapshots.remove(name);
      removeFolder(mounts.resolve(name.value()));
    }
  }

  @Override
  public boolean has(Layer layer) {
    return snapshots.stat(SnapshotName.of(layer.chainId())).isPresent()
        && blobs.stat(layer.blob().digest()).isPresent();
  }

  private static SnapshotName fresh() {
    byte[] random = new byte[12];
    ThreadLocalRandom.current().nextBytes(random);
    return new SnapshotName(PREFIX + HexFormat.of().formatHex(random));
  }

  @Override
  public Workspace begin(Optional<Digest> parent) {
    SnapshotName key = fresh();
    List<Mount> wanted = snapshots.prepare(key, parent.map(SnapshotName::of));
    return new ActiveSnapshot(key, parent, mount(key, wanted));
  }

  @Override
  public View view(Optional<Digest> chain) {
    SnapshotName key = fresh();
    List<Mount> wanted =
        chain.isPresent()
            ? snapshots.view(key, SnapshotName.of(chain.get()))
            : snapshots.prepare(key, Optional.empty());
    Path root = mount(key, wanted);
    return new View() {
      @Override
      public Path root() {
        return root;
      }

      @Override
      public void close() {
        unmount(root);
        snapshots.remove(key);
      }
    };
  }

  /** Mounts a snapshot; removes it when that fails. */
  private Path mount(SnapshotName key, List<Mount> wanted) {
    Path target = mounts.resolve(key.value());
    try {
      Files.createDirectories(target);
      wanted.forEach(mount -> mounter.mount(mount, target));
      return target;
    } catch (IOException e) {
      snapshots.remove(key);
      throw new Fault.Internal("cannot make " + target + ": " + e.getMessage(), e);
    } catch (Fault e) {
      unmount(target);
      snapshots.remove(key);
      throw e;
    }
  }

  private void unmount(Path target) {
    while (mounter.unmount(target)) {
      // one for each mount that was put there
    }
    removeFolder(target);
  }

  private static void removeFolder(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new Fault.Internal("cannot remove " + folder + ": " + e.getMessage(), e);
    }
  }

  /** One layer in the making. */
  private final class ActiveSnapshot implements Workspace {
    private final SnapshotName key;
    private final Optional<Digest> parent;
    private final Path root;
    private boolean mounted = true;
    private boolean over;

    ActiveSnapshot(SnapshotName key, Optional<Digest> parent, Path root) {
      this.key = key;
      this.parent = parent;
      this.root = root;
    }

    @Override
    public Path root() {
      return root;
    }

    @Override
    public Optional<Layer> commit(Map<String, Stat> touched) {
      mounted = false;
      unmount(root);
      Changes changes = snapshots.changes(key);
      if (changes instanceof Changes.OverlayUpper overlay) {
        UntouchedFolders.remove(overlay.upper(), touched);
      }
      Ingest ingest = blobs.ingest();
      try {
        WrittenLayer written;
        try (OutputStream out = new BufferedOutputStream(new IngestStream(ingest), BUFFER)) {
          written = writer.write(changes, out);
        }
        if (written.entries() == 0) {
          return Optional.empty();
        }
        ingest.commit(written.size(), written.diffId());
        Digest chain = ChainId.of(parent, written.diffId());
        snapshots.commit(key, SnapshotName.of(chain));
        over = true;
        return Optional.of(
            new Layer(
                written.diffId(),
                chain,
                Descriptor.of(MediaType.OCI_LAYER, written.diffId(), written.size()),
                written.size()));
      } catch (IOException e) {
        throw new Fault.Internal("cannot write the layer: " + e.getMessage(), e);
      } finally {
        ingest.abort();
      }
    }

    @Override
    public void close() {
      if (mounted) {
        mounted = false;
        unmount(root);
      }
      if (!over) {
        over = true;
        snapshots.remove(key);
      }
    }
  }

  /** Writes into a blob; the blob is not ended by closing. */
  private static final class IngestStream extends OutputStream {
    private final Ingest ingest;

    IngestStream(Ingest ingest) {
      this.ingest = ingest;
    }

    @Override
    public void write(int b) {
      ingest.write(ByteBuffer.wrap(new byte[] {(byte) b}));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      ingest.write(ByteBuffer.wrap(bytes, offset, length));
    }
  }
}
