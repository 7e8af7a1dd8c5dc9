package dev.kemas.metadata;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Moves what was committed from the log into the database file, some time after it was written, on
 * a platform thread of its own: a checkpoint waits for the disk inside a native call.
 */
final class Checkpointer {
  private static final long QUIET_MILLIS = 2000;

  private final Path file;
  private final String sql;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ReentrantLock running = new ReentrantLock();
  private final Thread thread;
  private boolean dirty;
  private boolean closed;
  private Optional<Connection> connection = Optional.empty();

  Checkpointer(Path file, String sql) {
    this.file = file;
    this.sql = sql;
    this.thread = Thread.ofPlatform().daemon().name("kemas-checkpoint").start(this::loop);
  }

  /** Something was committed; returns at once. */
  void written() {
    lock.lock();
    try {
      if (!dirty) {
        dirty = true;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void loop() {
    while (awaitWork()) {
      try {
        now();
      } catch (dev.kemas.fault.Fault e) {
        // the log keeps everything; the next commit brings the next attempt, and close reports
        System.getLogger(Checkpointer.class.getName())
            .log(System.Logger.Level.WARNING, "checkpoint of " + file + " failed", e);
      }
    }
  }

  /** Waits for a commit, then for a quiet while, so that bursts are written once. */
  private boolean awaitWork() {
    lock.lock();
    try {
      while (!dirty && !closed) {
        changed.await();
      }
      long left = TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS);
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      dirty = false;
      return !closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  void now() {
    running.lock();
    try {
      if (connection.isEmpty()) {
        connection = Optional.of(Connections.open(file));
      }
      try (Statement statement = connection.get().createStatement()) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw Database.fault(file, e);
    } finally {
      running.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    running.lock();
    try {
      connection.ifPresent(Connections::closeQuietly);
      connection = Optional.empty();
    } finally {
      running.unlock();
    }
  }
}
