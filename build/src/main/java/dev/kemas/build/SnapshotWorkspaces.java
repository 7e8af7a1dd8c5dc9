package dev.kemas.build;

import dev.kemas.fault.Fault;
import dev.kemas.guard.LayerFiles;
import dev.kemas.guard.LayerFolder;
import dev.kemas.image.Hold;
import dev.kemas.image.Image;
import dev.kemas.image.Layer;
import dev.kemas.image.Layers;
import dev.kemas.linux.Mount;
import dev.kemas.linux.MountTable;
import dev.kemas.linux.Mounter;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.Changes;
import dev.kemas.snapshot.SnapshotInfo;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Workspaces} by snapshots: a workspace is an active snapshot, mounted; its layer is made by
 * the image module.
 *
 * <p>All snapshots in the making are called {@code build-…} and mounted beneath one folder, so what
 * a killed process left is known by its name; {@link #collect} removes it.
 */
public final class SnapshotWorkspaces implements Workspaces {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotWorkspaces.class);
  private static final String PREFIX = "build-";

  /** Two blocks of zeroes, the archive of no change. */
  private static final Digest EMPTY_TAR = Digest.of(new byte[1024]);

  private final Snapshotter snapshots;
  private final Layers layers;
  private final Mounter mounter;
  private final Path mounts;

  /**
   * Uses these stores.
   *
   * @param mounts a folder of the builder's own, to mount in
   */
  public SnapshotWorkspaces(Snapshotter snapshots, Layers layers, Mounter mounter, Path mounts) {
    this.snapshots = snapshots;
    this.layers = layers;
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
  public Held open(String purpose) {
    return new HeldSnapshots(layers.hold(purpose));
  }

  private static SnapshotName fresh() {
    byte[] random = new byte[12];
    ThreadLocalRandom.current().nextBytes(random);
    return new SnapshotName(PREFIX + HexFormat.of().formatHex(random));
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

  /** Those of one build. */
  private final class HeldSnapshots implements Held {
    private final Hold hold;

    HeldSnapshots(Hold hold) {
      this.hold = hold;
    }

    @Override
    public boolean has(Layer layer) {
      hold.keep(layer); // first, so that what is seen to be there stays
      return layers.has(layer);
    }

    @Override
    public void unpack(Image image) {
      image.layers().forEach(hold::keep);
      layers.ensureUnpacked(image.layers());
    }

    @Override
    public Layer above(Layer layer, Optional<Digest> parent) {
      return layers.above(hold, layer, parent);
    }

    @Override
    public Workspace begin(Optional<Digest> parent) {
      SnapshotName key = fresh();
      List<Mount> wanted = snapshots.prepare(key, parent.map(SnapshotName::of));
      return new ActiveSnapshot(hold, key, parent, mount(key, wanted));
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

    @Override
    public LayerFiles files(Layer layer) {
      return switch (snapshots.changes(SnapshotName.of(layer.chainId()))) {
        case Changes.OverlayUpper(Path upper) -> new LayerFolder(upper);
        case Changes.Trees(Optional<Path> lower, Path upper) ->
            lower.isPresent() ? new ComparedTrees(lower.get(), upper) : new LayerFolder(upper);
      };
    }

    @Override
    public void close() {
      hold.close();
    }
  }

  /** One layer in the making. */
  private final class ActiveSnapshot implements Workspace {
    private final Hold hold;
    private final SnapshotName key;
    private final Optional<Digest> parent;
    private final Path root;
    private Optional<Besides> besides = Optional.empty();
    private boolean mounted = true;
    private boolean over;

    ActiveSnapshot(Hold hold, SnapshotName key, Optional<Digest> parent, Path root) {
      this.hold = hold;
      this.key = key;
      this.parent = parent;
      this.root = root;
    }

    @Override
    public Path root() {
      return root;
    }

    @Override
    public Optional<Path> beside(String directory) {
      if (!(snapshots.changes(key) instanceof Changes.OverlayUpper(Path upper))) {
        return Optional.empty();
      }
      Besides all = besides.orElseGet(() -> Besides.of(upper));
      besides = Optional.of(all);
      return Optional.of(all.folder(directory));
    }

    @Override
    public void linkBeside(String first, String second) {
      besides.orElseThrow(() -> new Fault.Internal("nothing lies beside")).link(first, second);
    }

    @Override
    public Optional<Layer> commit(Finish finish) {
      mounted = false;
      unmount(root);
      besides.ifPresent(Besides::moveIn);
      if (snapshots.changes(key) instanceof Changes.OverlayUpper overlay) {
        UntouchedFolders.remove(overlay.upper(), finish.touched());
        if (UntouchedFolders.isEmpty(overlay.upper())) {
          return Optional.empty();
        }
      }
      finish.latest().ifPresent(latest -> LatestTime.limit(snapshots.changes(key), latest));
      Layer layer = layers.commit(hold, key, parent);
      over = true;
      return layer.diffId().equals(EMPTY_TAR) ? Optional.empty() : Optional.of(layer);
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
}
