package dev.kemas.snapshot;

import java.util.Optional;

/**
 * A layer being filled, entry by entry, into {@link #target}: by {@code LayerApplier}, say. It has
 * no name and nobody else sees it before {@link #commit}; after a crash it is gone. Owned by one
 * thread at a time.
 */
public interface Fill extends AutoCloseable {
  /**
   * Where the entries go. The root is there. Until something sets its attributes its mode is 01000,
   * which stands for "as the parent's, or 0755 root:root"; {@code commit} replaces it.
   */
  LayerTarget target();

  /**
   * Makes the layer a committed snapshot. When one of that name is there already, it is taken to be
   * the same layer, as chain ids say: this fill is dropped and that is a success, so two pulls of
   * one image at once do not collide. The fill is over, whatever happens.
   *
   * @param parent what the layer lies upon. With {@link Snapshotter#fillsWithoutParent} it may be
   *     named only now; else it is the parent that the fill was made with
   * @throws dev.kemas.fault.Fault.NotFound when the parent is not a committed snapshot
   * @throws dev.kemas.fault.Fault.Conflict when an active snapshot or a view has that name
   * @throws dev.kemas.fault.Fault.InvalidArgument when the fill was made on another parent
   */
  SnapshotInfo commit(SnapshotName name, Optional<SnapshotName> parent);

  /** Drops the layer. Nothing to do after {@code commit}. */
  @Override
  void close();
}
