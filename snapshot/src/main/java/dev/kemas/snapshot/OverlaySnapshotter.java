package dev.kemas.snapshot;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Mount;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Snapshots as folders that overlayfs stacks (kernel documentation, filesystems/overlayfs). A layer
 * is one folder whatever lies below it, so the layers of an image can be filled at the same time.
 *
 * <p>On disk: {@code <root>/<number>/} with {@code fs} (the layer), {@code work} (overlayfs' own,
 * active snapshots only) and {@code meta} (name, kind, parent). A folder appears and disappears by
 * one rename, so there is never half a snapshot; what has no number as its name is rubbish and is
 * deleted at the next opening.
 */
public final class OverlaySnapshotter implements Snapshotter {
  private final SnapshotFolders folders;
  private final SnapshotIndex index;
  private final AtomicLong numbers;

  private OverlaySnapshotter(SnapshotFolders folders, SnapshotIndex index) {
    this.folders = folders;
    this.index = index;
    this.numbers = new AtomicLong(index.highestNumber());
  }

  /**
   * Opens the snapshots below a folder, which is made if it is not there.
   *
   * @throws Fault.DataLoss if the description of a snapshot cannot be read
   */
  public static OverlaySnapshotter open(Path root) {
    SnapshotFolders folders = SnapshotFolders.open(root);
    return new OverlaySnapshotter(folders, new SnapshotIndex(folders.read()));
  }

  @Override
  public Fill fill(Optional<SnapshotName> parent) {
    parent.ifPresent(index::requireCommitted);
    long number = numbers.incrementAndGet();
    Path folder = folders.startFill(number);
    return new OverlayFill(number, folder, parent);
  }

  @Override
  public boolean fillsWithoutParent() {
    return true;
  }

  private final class OverlayFill implements Fill {
    private final long number;
    private final Path folder;
    private final Optional<SnapshotName> madeOn;
    private boolean over;

    OverlayFill(long number, Path folder, Optional<SnapshotName> madeOn) {
      this.number = number;
      this.folder = folder;
      this.madeOn = madeOn;
    }

    @Override
    public LayerTarget target() {
      return new LayerTarget(folder.resolve(SnapshotFolders.FS), WhiteoutFormat.OVERLAY);
    }

    @Override
    public SnapshotInfo commit(SnapshotName name, Optional<SnapshotName> parent) {
      if (madeOn.isPresent() && !madeOn.equals(parent)) {
        throw new Fault.InvalidArgument(
            "layer " + name + " was filled on " + madeOn.get() + ", not on " + parent);
      }
      try {
        Optional<SnapshotIndex.Entry> below = parent.map(index::requireCommitted);
        SnapshotInfo info = new SnapshotInfo(name, SnapshotInfo.Kind.COMMITTED, parent, now());
        return index.addCommitted(
            info,
            number,
            () -> folders.commitFill(folder, number, info, below.map(e -> folders.fs(e.number()))));
      } finally {
        close();
      }
    }

    @Override
    public void close() {
      if (!over) {
        over = true;
        folders.drop(folder);
      }
    }
  }

  @Override
  public List<Mount> prepare(SnapshotName key, Optional<SnapshotName> parent) {
    make(key, SnapshotInfo.Kind.ACTIVE, parent);
    return mounts(key);
  }

  @Override
  public List<Mount> view(SnapshotName key, SnapshotName parent) {
    make(key, SnapshotInfo.Kind.VIEW, Optional.of(parent));
    return mounts(key);
  }

  private void make(SnapshotName key, SnapshotInfo.Kind kind, Optional<SnapshotName> parent) {
    Optional<SnapshotIndex.Entry> below = parent.map(index::requireCommitted);
    long number = numbers.incrementAndGet();
    SnapshotInfo info = new SnapshotInfo(key, kind, parent, now());
    index.add(
        info, number, () -> folders.create(number, info, below.map(e -> folders.fs(e.number()))));
  }

  @Override
  public List<Mount> mounts(SnapshotName key) {
    SnapshotIndex.Entry entry = index.require(key);
    List<Path> lower = lower(entry);
    Path fs = folders.fs(entry.number());
    return List.of(
        switch (entry.info().kind()) {
          case COMMITTED ->
              throw new Fault.NotFound(
                  "snapshot", key.value(), "snapshot " + key + " is committed: prepare a view");
          case VIEW ->
              lower.size() == 1
                  ? Mount.bind(lower.getFirst(), "ro")
                  : Mount.overlay(lower, "ro", "index=off");
          case ACTIVE ->
              lower.isEmpty()
                  ? Mount.bind(fs, "rw")
                  : Mount.overlay(
                      lower,
                      fs,
                      folders.work(entry.number()),
                      "index=off",
                      "redirect_dir=off",
                      "metacopy=off");
        });
  }

  /** The folders below an entry, the highest first. */
  private List<Path> lower(SnapshotIndex.Entry entry) {
    List<Path> lower = new ArrayList<>();
    Optional<SnapshotName> parent = entry.info().parent();
    while (parent.isPresent()) {
      SnapshotIndex.Entry below = index.require(parent.get());
      lower.add(folders.fs(below.number()));
      parent = below.info().parent();
    }
    return lower;
  }

  @Override
  public SnapshotInfo commit(SnapshotName key, SnapshotName name) {
    SnapshotIndex.Entry entry = index.require(key);
    if (entry.info().kind() != SnapshotInfo.Kind.ACTIVE) {
      throw new Fault.NotFound("snapshot", key.value(), "there is no active snapshot " + key);
    }
    SnapshotInfo info =
        new SnapshotInfo(name, SnapshotInfo.Kind.COMMITTED, entry.info().parent(), now());
    Optional<SnapshotInfo> known = index.committedAlready(name);
    if (known.isPresent()) {
      remove(key);
      return known.get();
    }
    return index.rename(entry, info, () -> folders.commitActive(entry.number(), info));
  }

  @Override
  public void remove(SnapshotName name) {
    index.remove(name, entry -> folders.remove(entry.number()));
  }

  @Override
  public Optional<SnapshotInfo> stat(SnapshotName name) {
    return index.find(name).map(SnapshotIndex.Entry::info);
  }

  @Override
  public void walk(Consumer<SnapshotInfo> visitor) {
    index.childrenFirst().forEach(visitor);
  }

  @Override
  public Usage usage(SnapshotName name) {
    SnapshotIndex.Entry entry = index.require(name);
    if (entry.info().kind() != SnapshotInfo.Kind.COMMITTED) {
      return DiskUsage.of(folders.fs(entry.number()));
    }
    return index.usage(entry, () -> DiskUsage.of(folders.fs(entry.number())));
  }

  @Override
  public Changes changes(SnapshotName name) {
    SnapshotIndex.Entry entry = index.require(name);
    if (entry.info().kind() == SnapshotInfo.Kind.VIEW) {
      throw new Fault.InvalidArgument("snapshot " + name + " is a view and changes nothing");
    }
    return new Changes.OverlayUpper(folders.fs(entry.number()));
  }

  @Override
  public void close() {
    folders.close();
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
