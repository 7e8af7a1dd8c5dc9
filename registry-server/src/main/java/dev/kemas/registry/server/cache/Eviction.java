package dev.kemas.registry.server.cache;

import dev.kemas.registry.server.repository.Blobs;
import dev.kemas.registry.server.repository.Catalog;
import dev.kemas.registry.store.Storage;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a cache within its size: when it is exceeded, blobs that were not used for longest go until
 * a tenth is free. Use is known to ten minutes. Manifests stay: they are small, and say what to
 * fetch again. Thread-safe.
 */
public final class Eviction {
  private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);

  private final Storage storage;
  private final Catalog catalog;
  private final Blobs blobs;
  private final OptionalLong mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private long bytes;

  /**
   * Counts what is there.
   *
   * @param mostBytes empty for no limit
   */
  public Eviction(Storage storage, Catalog catalog, Blobs blobs, OptionalLong mostBytes) {
    this.storage = storage;
    this.catalog = catalog;
    this.blobs = blobs;
    this.mostBytes = mostBytes;
    if (mostBytes.isPresent()) {
      this.bytes = count();
    }
  }

  private long count() {
    long[] sum = new long[1];
    storage.blobs().walk(blob -> sum[0] += blob.size());
    return sum[0];
  }

  /** A blob has come. */
  void added(long size) {
    if (mostBytes.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      bytes += size;
      if (bytes > mostBytes.getAsLong()) {
        long before = count();
        long freed = blobs.dropLeastUsed(catalog, before - mostBytes.getAsLong() / 10 * 9);
        bytes = before - freed;
        LOG.info("the cache was full: {} bytes that were not used for longest are gone", freed);
      }
    } finally {
      lock.unlock();
    }
  }
}
