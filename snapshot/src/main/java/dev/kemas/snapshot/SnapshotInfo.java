package dev.kemas.snapshot;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a snapshot.
 *
 * @param name its name
 * @param kind what can be done with it
 * @param parent the committed snapshot that it lies upon
 * @param createdAt when it was prepared or committed, to the millisecond
 */
public record SnapshotInfo(
    SnapshotName name, Kind kind, Optional<SnapshotName> parent, Instant createdAt) {

  /** The three kinds of a snapshot. */
  public enum Kind {
    /** Writable, on a parent or on nothing: a container's file system. */
    ACTIVE,
    /** Read-only look at a parent. */
    VIEW,
    /** Never changes again; can be a parent. */
    COMMITTED
  }
}
