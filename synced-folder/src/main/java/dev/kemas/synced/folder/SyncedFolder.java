package dev.kemas.synced.folder;

import dev.kemas.linux.Directory;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A client's folder as it was when it was listed. It stays so until this is closed, whatever is
 * received meanwhile. Only to be read: never write in it, and never change attributes. Safe for
 * several threads.
 */
public final class SyncedFolder implements AutoCloseable {
  private final SyncedFolders owner;
  private final Slot slot;
  private final Received received;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Stat root;
  private @Nullable KnownDigests digests;

  /**
   * What had to travel.
   *
   * @param entries of the folder
   * @param files whose content was asked for
   * @param bytes of their content
   */
  public record Received(long entries, long files, long bytes) {}

  SyncedFolder(SyncedFolders owner, Slot slot, Received received) {
    this.owner = owner;
    this.slot = slot;
    this.received = received;
    try (Directory tree = Directory.open(slot.tree())) {
      this.root = tree.stat();
    }
  }

  /** Where the files are. */
  public Path root() {
    return slot.tree();
  }

  /** What had to travel for it. */
  public Received received() {
    return received;
  }

  /** The digest of a file's content, by what the kernel says of the file; empty for any other. */
  public Optional<Digest> digest(Stat file) {
    boolean here =
        file.deviceMajor() == root.deviceMajor() && file.deviceMinor() == root.deviceMinor();
    return here ? known().get(file) : Optional.empty();
  }

  private synchronized KnownDigests known() {
    KnownDigests known = digests;
    if (known == null) {
      known = new KnownDigests(slot.header.entries());
      try (IndexReader index = IndexReader.open(slot.index())) {
        for (; index.present(); index.advance()) {
          if (index.item().entry().kind() == EntryKind.FILE) {
            known.add(index.item());
          }
        }
      }
      digests = known;
    }
    return known;
  }

  /** Gives it back; a second call does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      owner.release(slot);
    }
  }
}
