package dev.kemas.snapshot;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Snapshots as overlayfs layers: each in a folder of its own, put together by the kernel when they
 * are mounted. Layers can be filled before their parents are there.
 */
public final class OverlaySnapshotter extends FolderSnapshotter {
  private static final Path PARAMETERS = Path.of("/sys/module/overlay/parameters");

  /** What would make an upper folder depend on more than itself (filesystems/overlayfs). */
  private static final List<String> HARMFUL = List.of("index", "metacopy", "redirect_dir");

  private final List<String> options;

  private OverlaySnapshotter(SnapshotFolder folder, List<String> options) {
    super(folder);
    this.options = options;
  }

  /**
   * Opens the snapshotter in this folder, which is made if it is not there. What an earlier process
   * left unfinished is deleted in the background.
   *
   * @throws Fault.DataLoss when a record in it cannot be read
   */
  public static OverlaySnapshotter open(Path root) {
    return open(root, Gate.OPEN);
  }

  static OverlaySnapshotter open(Path root, Gate gate) {
    return new OverlaySnapshotter(SnapshotFolder.open(root, gate), offSwitches());
  }

  /**
   * Only what is on by default is switched off: a kernel without a feature refuses its option.
   * While the module is not loaded nobody knows, and all are named.
   */
  private static List<String> offSwitches() {
    List<String> off = new ArrayList<>();
    for (String feature : HARMFUL) {
      Path parameter = PARAMETERS.resolve(feature);
      try {
        if (!Files.isDirectory(PARAMETERS)
            || (Files.exists(parameter) && Files.readString(parameter).startsWith("Y"))) {
          off.add(feature + "=off");
        }
      } catch (IOException e) {
        throw new Fault.Internal("cannot read " + parameter + ": " + e.getMessage(), e);
      }
    }
    return off;
  }

  @Override
  public boolean fillsWithoutParent() {
    return true;
  }

  @Override
  WhiteoutFormat whiteouts() {
    return WhiteoutFormat.OVERLAY;
  }

  @Override
  void begin(Slot slot, Optional<Node> parent) {
    slot.mkdir(SnapshotFolder.FS, 0755);
    slot.mkdir(SnapshotFolder.WORK, 0700);
    if (parent.isPresent()) {
      inheritFrom(slot, parent);
    }
  }

  @Override
  void beginFill(Slot slot, Optional<Node> parent) {
    // the layer's folder holds the layer only, whatever it lies upon
  }

  @Override
  List<Mount> mounts(Node node) {
    List<Path> lowers = lowers(node);
    if (node.kind() == SnapshotInfo.Kind.VIEW) {
      return List.of(
          lowers.size() == 1
              ? Mount.bind(lowers.getFirst(), "ro")
              : Mount.overlay(lowers, with("ro")));
    }
    Path upper = folder.fs(node.id());
    return List.of(
        lowers.isEmpty()
            ? Mount.bind(upper)
            : Mount.overlay(lowers, upper, folder.work(node.id()), with()));
  }

  private String[] with(String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.addAll(options);
    return all.toArray(String[]::new);
  }

  @Override
  Changes changes(Node node) {
    return new Changes.OverlayUpper(folder.fs(node.id()));
  }
}
