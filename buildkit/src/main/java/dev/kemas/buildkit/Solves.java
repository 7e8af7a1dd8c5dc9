package dev.kemas.buildkit;

import dev.kemas.buildkit.wire.Control;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The builds of the clients by their references: those that run, and the latest of those that
 * ended. Safe for several threads.
 */
final class Solves {
  private static final Logger LOG = LoggerFactory.getLogger(Solves.class);

  /** Ended builds whose results other builds may still name. */
  private static final int REMEMBERED = 50;

  /** How long somebody who names a build waits for it to begin. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  private final Map<String, Solve> solves = new LinkedHashMap<>();
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
  private final HistoryStore history;

  /** Threads that write a record. */
  private final Set<Thread> writing = ConcurrentHashMap.newKeySet();

  Solves(HistoryStore history) {
    this.history = history;
  }

  /** What became of a build. */
  record Change(Control.BuildHistoryEventType type, Control.BuildHistoryRecord record) {}

  /**
   * Begins a build.
   *
   * @throws Fault.Conflict when there is one of that reference
   */
  void begin(Solve solve) {
    synchronized (this) {
      if (solves.containsKey(solve.ref())) {
        throw new Fault.Conflict("there is a build " + solve.ref() + " already");
      }
      solves.put(solve.ref(), solve);
      notifyAll();
    }
    if (!solve.request().getInternal()) {
      tell(new Change(Control.BuildHistoryEventType.STARTED, HistoryRecords.of(solve)));
    }
  }

  /** A build has ended. */
  void ended(Solve solve) {
    List<Solve> old = new ArrayList<>();
    synchronized (this) {
      // internal ones, too: a client may ask how one goes when it is over already
      boolean internal = solve.request().getInternal();
      List<Solve> done =
          solves.values().stream()
              .filter(one -> one.completed().isPresent())
              .filter(one -> one.request().getInternal() == internal)
              .toList();
      old.addAll(done.subList(0, Math.max(0, done.size() - REMEMBERED)));
      old.forEach(one -> solves.remove(one.ref()));
    }
    if (!solve.request().getInternal()) {
      // who waits for the build does not wait for its record
      Thread thread =
          Thread.ofVirtual().name("history " + solve.ref()).unstarted(() -> write(solve));
      writing.add(thread);
      thread.start();
    }
  }

  private void write(Solve solve) {
    try {
      Map<Digest, byte[]> blobs = new HashMap<>();
      Control.BuildHistoryRecord record = HistoryRecords.of(solve, blobs);
      List<Control.BuildHistoryRecord> gone = history.add(record, blobs);
      tell(new Change(Control.BuildHistoryEventType.COMPLETE, record));
      gone.forEach(one -> tell(new Change(Control.BuildHistoryEventType.DELETED, one)));
    } catch (Fault fault) {
      LOG.warn("build {} has no record: {}", solve.ref(), fault.getMessage());
    } finally {
      writing.remove(Thread.currentThread());
    }
  }

  /** Waits until the records of builds that are over are written. */
  private void settle() {
    for (Thread thread : writing) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Fault.Cancelled("the wait for records of builds was interrupted");
      }
    }
  }

  private void tell(Change change) {
    listeners.forEach(listener -> listener.accept(change));
  }

  /** Has somebody told of changes from now on; the registration ends with {@link #forget}. */
  void listen(Consumer<Change> listener) {
    listeners.add(listener);
  }

  void forget(Consumer<Change> listener) {
    listeners.remove(listener);
  }

  /** A build that is known. */
  synchronized Optional<Solve> find(String ref) {
    return Optional.ofNullable(solves.get(ref));
  }

  /**
   * A build that is known or begins in a moment: clients name it in one call and begin it in
   * another.
   *
   * @throws Fault.NotFound when it does not
   */
  synchronized Solve await(String ref) {
    long end = System.nanoTime() + PATIENCE;
    while (true) {
      Solve solve = solves.get(ref);
      if (solve != null) {
        return solve;
      }
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new Fault.NotFound("build", ref, "no such build: " + ref);
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Fault.Cancelled("the wait for build " + ref + " was interrupted");
      }
    }
  }

  /** Builds that run, but internal ones, oldest first. */
  synchronized List<Solve> running() {
    return solves.values().stream()
        .filter(one -> !one.request().getInternal() && one.completed().isEmpty())
        .toList();
  }

  /** The records of those that ended; all that ended before this is called are in it. */
  HistoryStore history() {
    settle();
    return history;
  }

  /**
   * Forgets a build that has ended.
   *
   * @throws Fault.NotFound when there is none
   */
  void remove(String ref) {
    Control.BuildHistoryRecord record =
        history()
            .find(ref)
            .orElseThrow(() -> new Fault.NotFound("build", ref, "no such build: " + ref));
    synchronized (this) {
      solves.remove(ref);
    }
    history.remove(ref);
    tell(new Change(Control.BuildHistoryEventType.DELETED, record));
  }

  /**
   * Keeps the record of a build whatever the limits say, or no longer.
   *
   * @throws Fault.NotFound when there is none
   */
  void pin(String ref, boolean pinned) {
    Control.BuildHistoryRecord record =
        history()
            .pin(ref, pinned)
            .orElseThrow(() -> new Fault.NotFound("build", ref, "no such build: " + ref));
    tell(new Change(Control.BuildHistoryEventType.COMPLETE, record));
  }
}
