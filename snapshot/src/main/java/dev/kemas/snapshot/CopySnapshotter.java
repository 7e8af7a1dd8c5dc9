package dev.kemas.snapshot;

import dev.kemas.linux.Directory;
import dev.kemas.linux.Mount;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Snapshots as whole copies of their parents, blocks shared where the file system can: for hosts
 * without overlayfs. Layers are filled one upon the other.
 */
public final class CopySnapshotter extends FolderSnapshotter {
  private CopySnapshotter(SnapshotFolder folder) {
    super(folder);
  }

  /**
   * Opens the snapshotter in this folder, which is made if it is not there. What an earlier process
   * left unfinished is deleted in the background.
   *
   * @throws dev.kemas.fault.Fault.DataLoss when a record in it cannot be read
   */
  public static CopySnapshotter open(Path root) {
    return open(root, Gate.OPEN);
  }

  static CopySnapshotter open(Path root, Gate gate) {
    return new CopySnapshotter(SnapshotFolder.open(root, gate));
  }

  @Override
  public boolean fillsWithoutParent() {
    return false;
  }

  @Override
  WhiteoutFormat whiteouts() {
    return WhiteoutFormat.PLAIN;
  }

  @Override
  void begin(Slot slot, Optional<Node> parent) {
    slot.mkdir(SnapshotFolder.FS, 0755);
    beginFill(slot, parent);
  }

  @Override
  void beginFill(Slot slot, Optional<Node> parent) {
    if (parent.isPresent()) {
      try (Directory source = Directory.open(folder.fs(parent.get().id()))) {
        slot.copy(source, SnapshotFolder.FS);
      }
    }
  }

  @Override
  List<Mount> mounts(Node node) {
    if (node.kind() == SnapshotInfo.Kind.VIEW) {
      return List.of(Mount.bind(lowers(node).getFirst(), "ro"));
    }
    return List.of(Mount.bind(folder.fs(node.id())));
  }

  @Override
  Changes changes(Node node) {
    Optional<Path> lower =
        node.info().parent().map(catalog::require).map(parent -> folder.fs(parent.id()));
    return new Changes.Trees(lower, folder.fs(node.id()));
  }
}
