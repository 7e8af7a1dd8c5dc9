package dev.kemas.image;

import dev.kemas.archive.AppliedLayer;
import dev.kemas.archive.LayerApplier;
import dev.kemas.content.BlobReader;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.Stat;
import dev.kemas.linux.TreeCopy;
import dev.kemas.metadata.Leases;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.Fill;
import dev.kemas.snapshot.SnapshotInfo;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Layers out of their blobs into snapshots, each once however many ask. Thread-safe. */
final class LayerUnpacking {
  /** As many layers at once as pay on the machines this is for. */
  private static final int AT_ONCE = 4;

  private final Snapshotter snapshots;
  private final LayerBlobs layerBlobs;
  private final Leases leases;
  private final Supplier<LayerApplier> applier;
  private final SingleFlight<Digest, SnapshotInfo> unpacking = new SingleFlight<>();

  /**
   * @param applier asked for each layer
   */
  LayerUnpacking(
      Snapshotter snapshots, LayerBlobs layerBlobs, Leases leases, Supplier<LayerApplier> applier) {
    this.snapshots = snapshots;
    this.layerBlobs = layerBlobs;
    this.leases = leases;
    this.applier = applier;
  }

  /** Makes sure that a layer lies upon another one, with the same files where they are here. */
  void move(Layer layer, Layer moved, Optional<Digest> parent) {
    unpack(moved, parent, () -> isShareable(layer) ? shared(layer) : filled(moved, below(parent)));
  }

  private boolean isShareable(Layer layer) {
    return snapshots.fillsWithoutParent()
        && snapshots.stat(SnapshotName.of(layer.chainId())).isPresent();
  }

  /** A layer with the files of another one, which nobody changes in place. */
  private Fill shared(Layer layer) {
    Fill fill = snapshots.fill(Optional.empty());
    boolean done = false;
    try (Directory source = Directory.open(layerBlobs.folder(layer.chainId()));
        Directory target = Directory.open(fill.target().root())) {
      TreeCopy.share(source, target);
      Stat root = source.stat();
      // what is not said of the root is as it is in the layer below
      if (root.permissions() != 0755 || root.uid() != 0 || root.gid() != 0) {
        target.self().chown(root.uid(), root.gid());
        target.self().chmod(root.permissions());
      }
      done = true;
      return fill;
    } finally {
      if (!done) {
        fill.close();
      }
    }
  }

  private Optional<SnapshotName> below(Optional<Digest> parent) {
    return snapshots.fillsWithoutParent() ? Optional.empty() : parent.map(SnapshotName::of);
  }

  /** Makes the files of a layer, without a name yet. */
  @FunctionalInterface
  private interface Filling {
    Fill fill() throws IOException;
  }

  /** Unpacks those that are missing, several at once where the snapshotter allows it. */
  void unpackAll(List<Layer> layers) {
    Deque<Background<Fill>> ahead = new ArrayDeque<>();
    List<Layer> missing = new ArrayList<>();
    for (Layer layer : layers) {
      if (snapshots.stat(SnapshotName.of(layer.chainId())).isEmpty()) {
        missing.add(layer);
      }
    }
    Optional<Digest> parent = below(layers, missing);
    if (!snapshots.fillsWithoutParent() || missing.size() == 1) {
      for (Layer layer : missing) {
        unpack(layer, parent);
        parent = Optional.of(layer.chainId());
      }
      return;
    }
    int next = 0;
    try {
      for (Layer layer : missing) {
        while (next < missing.size() && ahead.size() < AT_ONCE) {
          Layer later = missing.get(next++);
          ahead.add(
              Background.start(
                  "unpack " + later.diffId().shortHex(), () -> filled(later, Optional.empty())));
        }
        try (Fill fill = get(ahead.remove(), layer)) {
          fill.commit(SnapshotName.of(layer.chainId()), parent.map(SnapshotName::of));
        }
        parent = Optional.of(layer.chainId());
      }
    } finally {
      ahead.forEach(LayerUnpacking::drop);
    }
  }

  private static Optional<Digest> below(List<Layer> layers, List<Layer> missing) {
    int first = missing.isEmpty() ? 0 : layers.indexOf(missing.getFirst());
    return first == 0 ? Optional.empty() : Optional.of(layers.get(first - 1).chainId());
  }

  private static Fill get(Background<Fill> work, Layer layer) {
    try {
      return work.get();
    } catch (IOException e) {
      throw unpackFault(layer, e);
    }
  }

  private static void drop(Background<Fill> work) {
    work.awaitEnd();
    work.result().ifPresent(Fill::close);
  }

  /** Makes sure that a layer's snapshot is there. */
  void unpack(Layer layer, Optional<Digest> parent) {
    unpack(layer, parent, () -> filled(layer, below(parent)));
  }

  private void unpack(Layer layer, Optional<Digest> parent, Filling filling) {
    try {
      unpacking.run(
          layer.chainId(),
          () -> {
            SnapshotName name = SnapshotName.of(layer.chainId());
            Optional<SnapshotName> below = parent.map(SnapshotName::of);
            Optional<SnapshotInfo> present = snapshots.stat(name);
            if (present.isPresent()) {
              return present.get();
            }
            try (Fill fill = filling.fill()) {
              return fill.commit(name, below);
            }
          });
    } catch (IOException e) {
      throw unpackFault(layer, e);
    }
  }

  private static Fault unpackFault(Layer layer, IOException e) {
    return new Fault.Unavailable("cannot unpack layer " + layer.diffId() + ": " + e, e);
  }

  /** A layer unpacked from its blob, without a name yet; the caller closes it. */
  private Fill filled(Layer layer, Optional<SnapshotName> parent) throws IOException {
    Fill fill = snapshots.fill(parent);
    boolean done = false;
    try (Hold hold = new Hold(leases.take("unpacking of " + layer.diffId()));
        BlobReader blob = layerBlobs.lazily(hold, layer.blob(), LayerBlobs.Asking.ANYBODY);
        InputStream in = blob.stream()) {
      if (layer.blob().digest().equals(layer.diffId())) {
        applier.get().apply(in, fill.target(), layer.diffId());
      } else {
        AppliedLayer applied = applier.get().apply(in, fill.target());
        if (!applied.diffId().equals(layer.diffId())) {
          throw new Fault.DataLoss(
              "layer "
                  + layer.blob().digest()
                  + " unpacks to "
                  + applied.diffId()
                  + ", not "
                  + layer.diffId()
                  + " as its image says");
        }
      }
      done = true;
      return fill;
    } finally {
      if (!done) {
        fill.close();
      }
    }
  }
}
