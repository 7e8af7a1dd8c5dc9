package dev.kemas.snapshot;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Mount;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Layered file systems by name. A committed snapshot never changes and can be the parent of others;
 * an active one is written to, through what {@link #mounts} says, and may be committed; a view is
 * only read. Two implementations, overlayfs and plain copies, one contract suite.
 *
 * <p>Each method is atomic: after a crash at any point inside it, it has happened or it has not,
 * and what was left over is cleaned away when the snapshotter is opened next. Nothing here waits
 * for the disk: layers reach it some seconds later, and after a power failure one that did not is
 * missing, never half there; unpack its image again.
 *
 * <p>All methods may be called from any thread at any time; calls for one name at once are the
 * caller's to order, as is unmounting before {@link #remove} and {@link #commit}.
 */
public interface Snapshotter extends AutoCloseable {
  /**
   * Starts a layer to be filled. The caller closes it.
   *
   * @param parent what the layer lies upon; leave it out where {@link #fillsWithoutParent}, so that
   *     the layers of one image can be filled at the same time
   * @throws Fault.NotFound when the parent is not a committed snapshot
   */
  Fill fill(Optional<SnapshotName> parent);

  /** Whether a layer's folder can be filled before its parent is there. */
  boolean fillsWithoutParent();

  /**
   * Makes an active snapshot, writable, equal to its parent at first; on nothing it is an empty
   * folder with mode 0755.
   *
   * @return what to mount, in this order, to see it
   * @throws Fault.NotFound when the parent is not a committed snapshot
   * @throws Fault.Conflict when the name is taken
   */
  List<Mount> prepare(SnapshotName key, Optional<SnapshotName> parent);

  /**
   * Makes a read-only view of a committed snapshot. Faults as in {@link #prepare}.
   *
   * @return what to mount, in this order, to see it
   */
  List<Mount> view(SnapshotName key, SnapshotName parent);

  /**
   * What to mount to see an active snapshot or a view. Asking costs no disk access.
   *
   * @throws Fault.NotFound when there is none of that name, or it is committed: prepare a view
   */
  List<Mount> mounts(SnapshotName key);

  /**
   * Makes an active snapshot, which must not be mounted, a committed one under another name. When
   * one of that name is there already the active one is removed and that is a success.
   *
   * @throws Fault.NotFound when there is no active snapshot {@code key}
   * @throws Fault.Conflict when an active snapshot or a view is called {@code name}
   */
  SnapshotInfo commit(SnapshotName key, SnapshotName name);

  /**
   * Removes a snapshot, which must not be mounted. It is gone at once; its files are deleted in the
   * background.
   *
   * @throws Fault.NotFound when there is none of that name
   * @throws Fault.Conflict when others have it as their parent; the message names one
   */
  void remove(SnapshotName name);

  /** What is known of a snapshot; empty when there is none of that name. */
  Optional<SnapshotInfo> stat(SnapshotName name);

  /**
   * Visits every snapshot there was when it was called, each before its parent, so that a visitor
   * may remove as it goes.
   */
  void walk(Consumer<SnapshotInfo> visitor);

  /**
   * What a snapshot's files take on the disk. Counted by a walk over them; kept for a committed
   * one.
   *
   * @throws Fault.NotFound when there is none of that name
   */
  Usage usage(SnapshotName name);

  /**
   * What a snapshot takes on the disk with all that is kept beside its files: the bytes that its
   * removal gives back. Walks where {@link #usage} walks.
   *
   * @throws Fault.NotFound when there is none of that name
   */
  long allocated(SnapshotName name);

  /**
   * Where the difference between a snapshot and its parent lies.
   *
   * @throws Fault.NotFound when there is none of that name
   * @throws Fault.InvalidArgument for a view, which has no difference
   */
  Changes changes(SnapshotName name);

  /**
   * Waits until every layer committed so far outlives a power failure.
   *
   * @throws Fault.Internal when the disk fails
   */
  void sync();

  /** Waits until the files of all that was removed so far are deleted. */
  void awaitRemovals();

  /** Waits until what {@link #remove} left to the background is deleted. */
  @Override
  void close();
}
