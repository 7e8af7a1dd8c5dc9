package dev.kemas.snapshot;

import dev.kemas.linux.Directory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes folders one after the other on a thread of its own, which ends when there is nothing to
 * do. What cannot be deleted stays until the snapshotter is opened next.
 */
final class Disposal {
  private static final Logger LOG = LoggerFactory.getLogger(Disposal.class);

  private final Directory directory;
  private final Gate gate;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<String> names = new ArrayDeque<>();
  private @Nullable Thread thread;

  Disposal(Directory directory, Gate gate) {
    this.directory = directory;
    this.gate = gate;
  }

  void add(String name) {
    lock.lock();
    try {
      names.add(name);
      if (thread == null) {
        thread = Thread.ofPlatform().name("kemas-snapshot-delete").daemon(true).start(this::run);
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      String name;
      lock.lock();
      try {
        if (names.isEmpty()) {
          thread = null;
          changed.signalAll();
          return;
        }
        name = names.remove();
      } finally {
        lock.unlock();
      }
      try {
        gate.pass("background: delete " + name);
        directory.removeTree(name);
      } catch (RuntimeException e) {
        LOG.warn("cannot delete {}/{}: {}", directory, name, e.getMessage());
      }
    }
  }

  /** Waits until everything is deleted. */
  void await() {
    lock.lock();
    try {
      while (thread != null) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything is deleted, but no longer than this. */
  boolean await(long timeout, TimeUnit unit) {
    lock.lock();
    try {
      long left = unit.toNanos(timeout);
      while (thread != null && left > 0) {
        left = changed.awaitNanos(left);
      }
      // a folder being deleted is finished; the others wait for the next time
      names.clear();
      return thread == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
