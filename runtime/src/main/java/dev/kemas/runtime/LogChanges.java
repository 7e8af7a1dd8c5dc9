package dev.kemas.runtime;

import dev.kemas.linux.Inotify;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells when something is written to a container's log, when the log is rotated, and when its
 * container has ended. One inotify instance serves all; a log is watched only while somebody waits,
 * so neither a quiet log nor a busy one that is being read costs anything here.
 */
final class LogChanges implements AutoCloseable {
  private static final Set<Inotify.Kind> KINDS =
      EnumSet.of(Inotify.Kind.MODIFIED, Inotify.Kind.MOVED_HERE, Inotify.Kind.CREATED);

  private final ConcurrentMap<Bundle, Set<Waiting>> waiting = new ConcurrentHashMap<>();
  private Optional<Inotify> instance = Optional.empty();

  private synchronized Inotify inotify() {
    if (instance.isEmpty()) {
      instance = Optional.of(Inotify.open());
    }
    return instance.get();
  }

  /**
   * Calls back at each change from now on, on a thread that must not be held up.
   *
   * @throws dev.kemas.fault.Fault.NotFound if the bundle is gone
   * @throws dev.kemas.fault.Fault.ResourceExhausted if this user may watch no more
   */
  Inotify.Watch watch(Bundle bundle, Runnable changed) {
    String log = bundle.log().getFileName().toString();
    return inotify()
        .watch(
            bundle.folder(),
            KINDS,
            event -> {
              if (event.name().equals(log) || event.kind() == Inotify.Kind.OVERFLOW) {
                changed.run();
              }
            });
  }

  /**
   * Begins to wait: what happens from now on ends the wait, so look once more before {@link
   * Waiting#await}. The faults are those of {@link #watch}.
   */
  Waiting listen(Bundle bundle) {
    Waiting one = new Waiting(bundle);
    waiting.computeIfAbsent(bundle, b -> ConcurrentHashMap.newKeySet()).add(one);
    try {
      one.watch = Optional.of(watch(bundle, one::wake));
      return one;
    } catch (RuntimeException e) {
      one.close();
      throw e;
    }
  }

  /** A container has ended: nobody waits for its output any more. */
  void ended(Bundle bundle) {
    Set<Waiting> all = waiting.get(bundle);
    if (all != null) {
      all.forEach(Waiting::wake);
    }
  }

  /** Somebody's wait for one change. */
  final class Waiting implements AutoCloseable {
    private final Bundle bundle;
    private final CountDownLatch change = new CountDownLatch(1);
    private volatile Optional<Inotify.Watch> watch = Optional.empty();

    private Waiting(Bundle bundle) {
      this.bundle = bundle;
    }

    void wake() {
      change.countDown();
    }

    /** Waits for the change, or for the limit to pass. */
    void await(Optional<Duration> limit) throws InterruptedException {
      if (limit.isEmpty()) {
        change.await();
      } else {
        var _ = change.await(limit.get().toNanos(), TimeUnit.NANOSECONDS);
      }
    }

    @Override
    public void close() {
      watch.ifPresent(Inotify.Watch::close);
      waiting.computeIfPresent(
          bundle,
          (b, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
          });
    }
  }

  /** Ends all waits. */
  @Override
  public synchronized void close() {
    instance.ifPresent(Inotify::close);
    waiting.values().forEach(all -> all.forEach(Waiting::wake));
  }
}
