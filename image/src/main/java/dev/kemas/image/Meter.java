package dev.kemas.image;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Tells of progress, not more often than a person can read. Thread-safe. */
final class Meter {
  private static final long EVERY_NANOS = 100_000_000;

  private final Progress progress;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Long> toldAt = new HashMap<>();

  Meter(Progress progress) {
    this.progress = progress;
  }

  /** So much is done; told only now and then. */
  void at(String id, String status, long current, long total) {
    long now = System.nanoTime();
    lock.lock();
    try {
      Long before = toldAt.get(id + status);
      if (before != null && now - before < EVERY_NANOS) {
        return;
      }
      toldAt.put(id + status, now);
      progress.report(new Progress.Status(Optional.of(id), status, current, total));
    } finally {
      lock.unlock();
    }
  }

  /** A state that is always told. */
  void end(String id, String status, long current, long total) {
    lock.lock();
    try {
      toldAt.remove(id + status);
      progress.report(new Progress.Status(Optional.of(id), status, current, total));
    } finally {
      lock.unlock();
    }
  }

  void state(String id, String status) {
    end(id, status, 0, 0);
  }

  /** So many bytes are to be moved. */
  void expect(String id, String status, long total) {
    end(id, status, Progress.Status.NOT_BEGUN, total);
  }

  void say(String status) {
    lock.lock();
    try {
      progress.status(status);
    } finally {
      lock.unlock();
    }
  }

  void tell(Progress.Event event) {
    lock.lock();
    try {
      progress.report(event);
    } finally {
      lock.unlock();
    }
  }

  void line(String text) {
    lock.lock();
    try {
      progress.line(text);
    } finally {
      lock.unlock();
    }
  }
}
