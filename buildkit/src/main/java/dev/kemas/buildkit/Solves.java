package dev.kemas.buildkit;

import dev.kemas.buildkit.wire.Control;
import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The builds of the clients by their references: those that run, and the latest of those that
 * ended. Safe for several threads.
 */
final class Solves {
  /** Ended builds that are remembered. */
  private static final int REMEMBERED = 50;

  /** How long somebody who names a build waits for it to begin. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  private final Map<String, Solve> solves = new LinkedHashMap<>();
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();

  /** What became of a build. */
  record Change(Control.BuildHistoryEventType type, Solve solve) {}

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
    tell(new Change(Control.BuildHistoryEventType.STARTED, solve));
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
    tell(new Change(Control.BuildHistoryEventType.COMPLETE, solve));
    old.forEach(one -> tell(new Change(Control.BuildHistoryEventType.DELETED, one)));
  }

  private void tell(Change change) {
    if (!change.solve().request().getInternal()) {
      listeners.forEach(listener -> listener.accept(change));
    }
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

  /** All but internal ones, oldest first. */
  synchronized List<Solve> all() {
    return solves.values().stream().filter(one -> !one.request().getInternal()).toList();
  }

  /** Forgets a build that has ended. */
  void remove(String ref) {
    Optional<Solve> gone;
    synchronized (this) {
      gone = find(ref).filter(one -> one.completed().isPresent());
      gone.ifPresent(one -> solves.remove(ref));
    }
    gone.ifPresent(one -> tell(new Change(Control.BuildHistoryEventType.DELETED, one)));
  }
}
