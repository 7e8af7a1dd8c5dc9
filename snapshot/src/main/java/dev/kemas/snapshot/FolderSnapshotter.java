package dev.kemas.snapshot;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.Mount;
import dev.kemas.linux.Stat;
import dev.kemas.linux.TreeUsage;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * What both snapshotters share: names, parents and folders, and the order in which a snapshot is
 * made (folder, content, record, index) and removed (record and all by one rename, index, content).
 */
abstract sealed class FolderSnapshotter implements Snapshotter
    permits OverlaySnapshotter, CopySnapshotter {
  /** The mode of a fill's root that nothing has set; no archive has it. */
  private static final int UNSET = 01000;

  final SnapshotFolder folder;
  final Catalog catalog;

  FolderSnapshotter(SnapshotFolder folder) {
    this.folder = folder;
    this.catalog = new Catalog(folder.load());
  }

  /** Lays down what a new snapshot begins with. */
  abstract void begin(Slot slot, Optional<Node> parent);

  /** Lays down what a new layer begins with. */
  abstract void beginFill(Slot slot, Optional<Node> parent);

  abstract WhiteoutFormat whiteouts();

  abstract List<Mount> mounts(Node node);

  abstract Changes changes(Node node);

  private static SnapshotInfo info(
      SnapshotName name, SnapshotInfo.Kind kind, Optional<SnapshotName> parent) {
    return new SnapshotInfo(name, kind, parent, Instant.now().truncatedTo(ChronoUnit.MILLIS));
  }

  @Override
  public List<Mount> prepare(SnapshotName key, Optional<SnapshotName> parent) {
    return make(info(key, SnapshotInfo.Kind.ACTIVE, parent));
  }

  @Override
  public List<Mount> view(SnapshotName key, SnapshotName parent) {
    return make(info(key, SnapshotInfo.Kind.VIEW, Optional.of(parent)));
  }

  private List<Mount> make(SnapshotInfo info) {
    Optional<Node> parent = catalog.claim(info.name(), info.parent());
    try {
      Node node =
          inNewSlot(slot -> {
            if (info.kind() == SnapshotInfo.Kind.ACTIVE) {
              begin(slot, parent);
            }
            Node made = new Node(slot.id(), info, Optional.empty());
            slot.record(made);
            return made;
          });
      catalog.fulfil(node);
      return mounts(node);
    } catch (RuntimeException e) {
      catalog.release(info.name(), info.parent());
      throw e;
    }
  }

  @FunctionalInterface
  private interface Making {
    Node in(Slot slot);
  }

  private Node inNewSlot(Making making) {
    Slot slot = folder.make();
    try (slot) {
      return making.in(slot);
    } catch (RuntimeException e) {
      disposeAfter(e, slot.id());
      throw e;
    }
  }

  private void disposeAfter(RuntimeException failure, long id) {
    try {
      folder.dispose(id);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Gives a root the attributes of its parent's. */
  static void inherit(Slot slot, Optional<Directory> parent) {
    if (parent.isEmpty()) {
      slot.attributes(SnapshotFolder.FS, 0755, 0, 0);
      return;
    }
    Stat stat = parent.get().stat();
    slot.attributes(SnapshotFolder.FS, stat.permissions(), stat.uid(), stat.gid());
    slot.xattrs(parent.get().self(), SnapshotFolder.FS);
  }

  /** The same, the parent still to be opened. */
  void inheritFrom(Slot slot, Optional<Node> parent) {
    if (parent.isEmpty()) {
      inherit(slot, Optional.empty());
      return;
    }
    try (Directory root = Directory.open(folder.fs(parent.get().id()))) {
      inherit(slot, Optional.of(root));
    }
  }

  @Override
  public Fill fill(Optional<SnapshotName> parent) {
    Optional<Node> held = catalog.hold(parent);
    Slot slot = folder.make();
    try {
      slot.mkdir(SnapshotFolder.FS, UNSET);
      beginFill(slot, held);
      return new FolderFill(slot, parent);
    } catch (RuntimeException e) {
      slot.close();
      disposeAfter(e, slot.id());
      catalog.letGo(parent);
      throw e;
    }
  }

  private final class FolderFill implements Fill {
    private final Slot slot;
    private final Optional<SnapshotName> heldParent;
    private final AtomicBoolean over = new AtomicBoolean();

    FolderFill(Slot slot, Optional<SnapshotName> heldParent) {
      this.slot = slot;
      this.heldParent = heldParent;
    }

    @Override
    public LayerTarget target() {
      return new LayerTarget(folder.fs(slot.id()), whiteouts());
    }

    @Override
    public SnapshotInfo commit(SnapshotName name, Optional<SnapshotName> parent) {
      if (!over.compareAndSet(false, true)) {
        throw new Fault.Conflict("the fill of snapshot " + name + " is over");
      }
      boolean committed = false;
      try (slot) {
        if (!parent.equals(heldParent) && !(fillsWithoutParent() && heldParent.isEmpty())) {
          throw new Fault.InvalidArgument(
              "snapshot " + name + " was filled upon " + heldParent + ", not upon " + parent);
        }
        Optional<Node> existing = catalog.committed(name);
        if (existing.isPresent()) {
          return existing.get().info();
        }
        Optional<Node> upon;
        try {
          upon = catalog.claim(name, parent);
        } catch (Fault.Conflict e) {
          // somebody else commits the same layer at this moment, or it is no layer
          return catalog.awaitCommitted(name).orElseThrow(() -> e).info();
        }
        try {
          if (slot.stat(SnapshotFolder.FS).permissions() == UNSET) {
            inheritFrom(slot, upon);
          }
          Node node =
              new Node(
                  slot.id(), info(name, SnapshotInfo.Kind.COMMITTED, parent), Optional.empty());
          slot.mark();
          slot.record(node);
          catalog.fulfil(node);
          committed = true;
          folder.committed(node.id());
          return node.info();
        } catch (RuntimeException e) {
          catalog.release(name, parent);
          throw e;
        }
      } finally {
        catalog.letGo(heldParent);
        if (!committed) {
          folder.dispose(slot.id());
        }
      }
    }

    @Override
    public void close() {
      if (over.compareAndSet(false, true)) {
        slot.close();
        catalog.letGo(heldParent);
        folder.dispose(slot.id());
      }
    }
  }

  @Override
  public List<Mount> mounts(SnapshotName key) {
    Node node = catalog.require(key);
    if (node.kind() == SnapshotInfo.Kind.COMMITTED) {
      throw new Fault.NotFound(
          "snapshot",
          key.value(),
          "snapshot " + key + " is committed and cannot be mounted itself: make a view of it");
    }
    return mounts(node);
  }

  @Override
  public SnapshotInfo commit(SnapshotName key, SnapshotName name) {
    return catalog.exclusively(() -> {
      Node active = catalog.require(key);
      if (active.kind() != SnapshotInfo.Kind.ACTIVE) {
        throw new Fault.NotFound("snapshot", key.value(), "there is no active snapshot " + key);
      }
      Optional<Node> existing = catalog.committed(name);
      if (existing.isPresent()) {
        folder.dispose(active.id());
        catalog.removed(active);
        return existing.get().info();
      }
      catalog.requireFree(name);
      Node node =
          new Node(
              active.id(),
              info(name, SnapshotInfo.Kind.COMMITTED, active.info().parent()),
              Optional.empty());
      try (Slot slot = folder.slot(active.id())) {
        slot.mark();
        slot.replaceRecord(node);
        catalog.replaced(active, node);
        slot.dropWork();
      }
      folder.committed(node.id());
      return node.info();
    });
  }

  @Override
  public void remove(SnapshotName name) {
    catalog.exclusively(() -> {
      Node node = catalog.require(name);
      catalog.requireChildless(name);
      folder.dispose(node.id());
      catalog.removed(node);
      return name;
    });
  }

  @Override
  public Optional<SnapshotInfo> stat(SnapshotName name) {
    return catalog.find(name).map(Node::info);
  }

  @Override
  public void walk(Consumer<SnapshotInfo> visitor) {
    catalog.childrenFirst().forEach(n -> visitor.accept(n.info()));
  }

  @Override
  public Usage usage(SnapshotName name) {
    Node node = catalog.require(name);
    if (node.usage().isPresent()) {
      return node.usage().get();
    }
    if (node.kind() == SnapshotInfo.Kind.VIEW) {
      return new Usage(0, 0);
    }
    TreeUsage tree = TreeUsage.of(folder.fs(node.id()));
    Usage counted = new Usage(tree.bytes(), tree.inodes());
    if (node.kind() == SnapshotInfo.Kind.COMMITTED) {
      keep(node, counted);
    }
    return counted;
  }

  @Override
  public long allocated(SnapshotName name) {
    Node node = catalog.require(name);
    return node.kind() == SnapshotInfo.Kind.COMMITTED
        ? usage(name).bytes() + folder.ownBytes(node.id())
        : TreeUsage.of(folder.path(node.id())).bytes();
  }

  private void keep(Node node, Usage counted) {
    catalog.exclusively(() -> {
      if (catalog.find(node.name()).filter(node::equals).isPresent()) {
        Node known = node.with(counted);
        try (Slot slot = folder.slot(node.id())) {
          slot.replaceRecord(known);
        }
        catalog.replaced(node, known);
      }
      return counted;
    });
  }

  @Override
  public Changes changes(SnapshotName name) {
    Node node = catalog.require(name);
    if (node.kind() == SnapshotInfo.Kind.VIEW) {
      throw new Fault.InvalidArgument("snapshot " + name + " is a view: it has no changes");
    }
    return changes(node);
  }

  @Override
  public void sync() {
    folder.sync();
  }

  @Override
  public void awaitRemovals() {
    folder.awaitRemovals();
  }

  /** The folders of the layers that a snapshot lies upon, the topmost first. */
  List<Path> lowers(Node node) {
    List<Path> folders = new ArrayList<>();
    for (Node layer : catalog.parents(node)) {
      folders.add(folder.fs(layer.id()));
    }
    return folders;
  }

  @Override
  public void close() {
    folder.close();
  }
}
