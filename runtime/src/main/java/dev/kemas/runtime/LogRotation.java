package dev.kemas.runtime;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Inotify;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps logs from filling a disk: a file that has grown over its limit is put aside under a higher
 * number, the oldest is dropped, and conmon opens a new one. conmon writes on into the file put
 * aside until it has opened the new one, so nothing is lost.
 *
 * <p>A log that nobody writes to is only watched. One that is written to is looked at again before
 * the fastest writer could have used up the room that was left. Should that come too late, or no
 * engine run, conmon itself begins a new file a little above the limit ({@link #hardLimit}); a
 * second name of the file keeps what it had then.
 */
final class LogRotation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);

  /** More bytes a second than conmon writes; it puts a time before each line. */
  private static final long FASTEST = 512L << 20;

  private static final long SOONEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LATEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LEAST_SLACK = 1 << 20;

  private final LogChanges changes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition earlier = lock.newCondition();
  private final Map<Bundle, Log> logs = new HashMap<>();
  private final PriorityQueue<Log> awake =
      new PriorityQueue<>(Comparator.comparingLong((Log log) -> log.due));
  private boolean running;
  private boolean closed;

  LogRotation(LogChanges changes) {
    this.changes = changes;
  }

  /** The size at which conmon begins a new file by itself. */
  static long hardLimit(CreateRequest.LogLimits limits) {
    return limits.fileBytes() + Math.max(limits.fileBytes() / 4, LEAST_SLACK);
  }

  /** One container's log. All fields but the watch are guarded by the rotation's lock. */
  private static final class Log {
    /** Held while files are renamed, so that nothing is made in a folder that is being removed. */
    private final ReentrantLock files = new ReentrantLock();

    private final Bundle bundle;
    private final CreateRequest.LogLimits limits;
    private long size = -1;
    private long due;
    private boolean removed;
    private volatile Optional<Inotify.Watch> watch = Optional.empty();

    Log(Bundle bundle, CreateRequest.LogLimits limits) {
      this.bundle = bundle;
      this.limits = limits;
    }

    void ignore() {
      watch.ifPresent(Inotify.Watch::close);
      watch = Optional.empty();
    }
  }

  void add(Bundle bundle, CreateRequest.LogLimits limits) {
    remove(bundle);
    if (limits.equals(CreateRequest.LogLimits.NOTHING)) {
      return;
    }
    Log log = new Log(bundle, limits);
    lock.lock();
    try {
      logs.put(bundle, log);
      wakeAt(log, System.nanoTime() + fill(limits.fileBytes()));
      if (!running) {
        running = true;
        Thread.ofVirtual().name("log-rotation").start(this::run);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Its files are left alone once this has returned. */
  void remove(Bundle bundle) {
    Log log;
    lock.lock();
    try {
      log = logs.remove(bundle);
      if (log == null) {
        return;
      }
      log.removed = true;
      awake.remove(log);
    } finally {
      lock.unlock();
    }
    // after a look that is going on
    log.files.lock();
    try {
      log.ignore();
    } finally {
      log.files.unlock();
    }
  }

  private boolean isRemoved(Log log) {
    lock.lock();
    try {
      return log.removed;
    } finally {
      lock.unlock();
    }
  }

  private void wakeAt(Log log, long due) {
    if (!log.removed && !awake.contains(log)) {
      log.due = due;
      awake.add(log);
      earlier.signal();
    }
  }

  private void run() {
    lock.lock();
    try {
      while (!closed) {
        Log next = awake.peek();
        if (next == null) {
          earlier.await();
        } else if (next.due - System.nanoTime() > 0) {
          earlier.awaitNanos(next.due - System.nanoTime());
        } else {
          awake.remove();
          lock.unlock();
          try {
            look(next);
          } finally {
            lock.lock();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void look(Log log) {
    boolean quiet = false;
    long size = -1;
    log.files.lock();
    try {
      if (isRemoved(log)) {
        return;
      }
      keep(log.bundle, log.limits.files());
      size = size(log.bundle);
      if (size > log.limits.fileBytes()) {
        rotate(log.bundle, log.limits.files());
        size = -1;
      }
      quiet = size >= 0 && size == log.size;
    } catch (IOException | Fault e) {
      LOG.warn("cannot rotate the log of {}: {}", log.bundle.id(), e.getMessage());
    } finally {
      log.files.unlock();
    }
    if (quiet && sleep(log, size)) {
      return;
    }
    lock.lock();
    try {
      log.size = size;
      wakeAt(log, System.nanoTime() + patience(log));
    } finally {
      lock.unlock();
    }
  }

  /** How long the log may go unseen; conmon opens a new one at once. */
  private static long patience(Log log) {
    return log.size < 0 ? SOONEST_NANOS : fill(log.limits.fileBytes() - log.size);
  }

  /** How long the fastest writer needs for so many bytes. */
  private static long fill(long bytes) {
    long nanos = (long) ((double) bytes / FASTEST * TimeUnit.SECONDS.toNanos(1));
    return Math.clamp(nanos, SOONEST_NANOS, LATEST_NANOS);
  }

  /** Lets the kernel tell of the next write; false if there was one already. */
  private boolean sleep(Log log, long size) {
    try {
      Inotify.Watch watch = changes.watch(log.bundle, () -> written(log));
      lock.lock();
      try {
        log.watch = Optional.of(watch);
        if (log.removed) {
          log.ignore();
        }
      } finally {
        lock.unlock();
      }
      if (size(log.bundle) == size) {
        return true;
      }
    } catch (Fault e) {
      LOG.debug("the log of {} is looked at all the time: {}", log.bundle.id(), e.getMessage());
      return false;
    } catch (IOException e) {
      LOG.warn("cannot look at the log of {}: {}", log.bundle.id(), e.getMessage());
    }
    log.ignore();
    return false;
  }

  private void written(Log log) {
    log.ignore();
    lock.lock();
    try {
      wakeAt(log, System.nanoTime() + patience(log));
    } finally {
      lock.unlock();
    }
  }

  private static long size(Bundle bundle) throws IOException {
    try {
      return Files.size(bundle.log());
    } catch (NoSuchFileException reopened) {
      return -1;
    }
  }

  /** Gives the log its second name, and puts a file aside that conmon has left by itself. */
  private static void keep(Bundle bundle, int files) throws IOException {
    Optional<Object> log = LogFiles.key(bundle.log());
    Optional<Object> kept = LogFiles.key(bundle.keptLog());
    if (log.isEmpty() || kept.equals(log)) {
      return;
    }
    if (kept.isPresent()) {
      makeRoom(bundle, files);
      if (files > 1) {
        Files.move(bundle.keptLog(), bundle.log(1), StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.delete(bundle.keptLog());
      }
    }
    try {
      Files.createLink(bundle.keptLog(), bundle.log());
    } catch (NoSuchFileException reopened) {
      LOG.trace("conmon opens the log of {} just now", bundle.id(), reopened);
    }
  }

  private static void rotate(Bundle bundle, int files) throws IOException {
    makeRoom(bundle, files);
    Files.deleteIfExists(bundle.keptLog());
    if (files > 1) {
      Files.move(bundle.log(), bundle.log(1), StandardCopyOption.ATOMIC_MOVE);
    } else {
      Files.delete(bundle.log());
    }
    Conmon.reopenLog(bundle);
  }

  /** Drops the oldest file and renames the others, so that the first is free. */
  private static void makeRoom(Bundle bundle, int files) throws IOException {
    if (files > 1) {
      Files.deleteIfExists(bundle.log(files - 1));
    }
    for (int age = files - 2; age >= 1; age--) {
      if (Files.exists(bundle.log(age))) {
        Files.move(bundle.log(age), bundle.log(age + 1), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      logs.values().forEach(Log::ignore);
      earlier.signal();
    } finally {
      lock.unlock();
    }
  }
}
