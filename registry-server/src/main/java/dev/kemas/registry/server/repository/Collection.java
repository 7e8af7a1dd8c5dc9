package dev.kemas.registry.server.repository;

import dev.kemas.oci.Digest;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;

/**
 * Keeps links and the garbage collector apart within one server: a link is not written between the
 * collector's last look and its deletion, and what is linked while a collection runs is spared by
 * it. Between servers the age of links and blobs does this. Thread-safe.
 */
final class Collection {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private volatile Optional<Set<Digest>> linked = Optional.empty();

  /** Writes a link. */
  void linking(Digest digest, Runnable write) {
    lock.readLock().lock();
    try {
      linked.ifPresent(digests -> digests.add(digest));
      write.run();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** From now on links are remembered. */
  void begin() {
    lock.writeLock().lock();
    try {
      linked = Optional.of(ConcurrentHashMap.newKeySet());
    } finally {
      lock.writeLock().unlock();
    }
  }

  void end() {
    linked = Optional.empty();
  }

  /**
   * Deletes while nothing is linked.
   *
   * @param delete looks again before it deletes
   * @return false when the digest was linked since the beginning, or there was nothing to delete
   */
  boolean deleting(Digest digest, BooleanSupplier delete) {
    lock.writeLock().lock();
    try {
      return linked.filter(digests -> digests.contains(digest)).isEmpty() && delete.getAsBoolean();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
