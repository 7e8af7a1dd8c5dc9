package dev.kemas.snapshot;

import dev.kemas.linux.Directory;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings new layers to the disk behind their commit, all there are at once (syncfs(2)), and then
 * takes away their marks. Its thread ends when there is nothing to do.
 */
final class LayerSync {
  private static final Logger LOG = LoggerFactory.getLogger(LayerSync.class);

  private final Directory directory;
  private final Gate gate;
  private final long delayNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Long> waiting = new LinkedHashSet<>();
  private final Set<Long> underWay = new LinkedHashSet<>();
  private boolean closed;
  private @Nullable Thread thread;

  LayerSync(Directory directory, Gate gate, long delayNanos) {
    this.directory = directory;
    this.gate = gate;
    this.delayNanos = delayNanos;
  }

  void add(long id) {
    lock.lock();
    try {
      waiting.add(id);
      if (thread == null && !closed) {
        thread = Thread.ofPlatform().name("kemas-snapshot-sync").daemon(true).start(this::run);
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      Set<Long> batch;
      lock.lock();
      try {
        long left = delayNanos;
        while (left > 0 && !closed) {
          left = changed.awaitNanos(left);
        }
        if (closed || waiting.isEmpty()) {
          thread = null;
          changed.signalAll();
          return;
        }
        batch = new LinkedHashSet<>(waiting);
        waiting.clear();
        underWay.addAll(batch);
      } catch (InterruptedException e) {
        thread = null;
        changed.signalAll();
        return;
      } finally {
        lock.unlock();
      }
      sync(batch);
    }
  }

  /** Brings all there are to the disk, on the caller's thread, also those that are on their way. */
  void now() {
    lock.lock();
    try {
      Set<Long> batch = new LinkedHashSet<>(waiting);
      batch.addAll(underWay);
      // marks are taken away twice at worst; what came meanwhile keeps its own
      bring(batch);
      waiting.removeAll(batch);
      underWay.removeAll(batch);
    } finally {
      lock.unlock();
    }
  }

  private void arrived(Set<Long> batch) {
    lock.lock();
    try {
      underWay.removeAll(batch);
    } finally {
      lock.unlock();
    }
  }

  private void bring(Set<Long> batch) {
    if (!batch.isEmpty()) {
      gate.pass("background: sync");
      directory.syncFileSystem();
      for (long id : batch) {
        unmark(Long.toString(id));
      }
    }
  }

  private void sync(Set<Long> batch) {
    try {
      bring(batch);
      arrived(batch);
    } catch (RuntimeException e) {
      // the marks stay: these layers are looked at again when the snapshotter is opened next
      LOG.warn("cannot bring new layers in {} to the disk: {}", directory, e.getMessage());
    }
  }

  private void unmark(String name) {
    // the layer may have been removed meanwhile
    if (directory.stat(name).isPresent()) {
      try (Directory slot = directory.openDirectory(name)) {
        gate.pass("background: unmark");
        slot.unlink(SnapshotFolder.UNSYNCED);
      }
    }
  }

  /** Ends the thread; what is not on the disk keeps its mark. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      while (thread != null) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
