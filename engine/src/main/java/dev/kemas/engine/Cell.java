package dev.kemas.engine;

import dev.kemas.fault.Fault;
import dev.kemas.runtime.Attachment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One container's place in memory. Its lock orders the operations that change it; readers take the
 * record as it stands and never wait.
 */
final class Cell {
  final ReentrantLock lock = new ReentrantLock();
  private final List<CompletableFuture<Integer>> awaitingExit = new ArrayList<>();
  private final List<CompletableFuture<Integer>> awaitingRemoval = new ArrayList<>();
  private final List<CompletableFuture<Attachment>> awaitingStart = new ArrayList<>();

  /** Done when the last run has been cleared away: mounts, network, cgroups. */
  private CompletableFuture<Boolean> cleared = CompletableFuture.completedFuture(true);

  private volatile Container container;
  private boolean gone;

  /** Counts the runs, so that the end of one is not taken for the end of the next. */
  private int run;

  /** Whether the end to come is followed by a start: then --rm does not apply. */
  private boolean restarting;

  Cell(Container container) {
    this.container = container;
  }

  Container now() {
    return container;
  }

  /**
   * The record, unless it has been removed.
   *
   * @throws Fault.NotFound {@code No such container: X}
   */
  Container requirePresent() {
    if (gone) {
      throw new Fault.NotFound("container", container.id(), "No such container: " + container.id());
    }
    return container;
  }

  void set(Container changed) {
    container = changed;
  }

  CompletableFuture<Boolean> cleared() {
    lock.lock();
    try {
      return cleared;
    } finally {
      lock.unlock();
    }
  }

  /** A new run begins; the lock is held. */
  int beginRun() {
    restarting = false;
    return ++run;
  }

  /** Which run it is; the lock is held. */
  int run() {
    return run;
  }

  void setRestarting(boolean value) {
    lock.lock();
    try {
      restarting = value;
    } finally {
      lock.unlock();
    }
  }

  boolean isRestarting() {
    return restarting;
  }

  CompletableFuture<Boolean> beginClearing() {
    cleared = new CompletableFuture<>();
    return cleared;
  }

  /** The exit code of the next end, whatever state it is in now. */
  CompletableFuture<Integer> nextExit() {
    return await(awaitingExit);
  }

  /** The last exit code once it is gone. */
  CompletableFuture<Integer> removal() {
    return await(awaitingRemoval);
  }

  private CompletableFuture<Integer> await(List<CompletableFuture<Integer>> list) {
    CompletableFuture<Integer> future = new CompletableFuture<>();
    lock.lock();
    try {
      if (gone) {
        future.complete(container.state().lastExitCode());
      } else {
        list.add(future);
      }
    } finally {
      lock.unlock();
    }
    return future;
  }

  /** Lets go of a wait that nobody is interested in any more. */
  void forget(CompletableFuture<?> future) {
    lock.lock();
    try {
      future.cancel(false);
      awaitingExit.removeIf(CompletableFuture::isDone);
      awaitingRemoval.removeIf(CompletableFuture::isDone);
      awaitingStart.removeIf(CompletableFuture::isDone);
    } finally {
      lock.unlock();
    }
  }

  /** Who attaches before the start is connected at the start. */
  CompletableFuture<Attachment> attachAtStart() {
    requirePresent();
    CompletableFuture<Attachment> future = new CompletableFuture<>();
    awaitingStart.add(future);
    return future;
  }

  List<CompletableFuture<Attachment>> takeAwaitingStart() {
    List<CompletableFuture<Attachment>> all = List.copyOf(awaitingStart);
    awaitingStart.clear();
    return all;
  }

  void announceExit(int code) {
    announce(awaitingExit, code);
  }

  void announceRemoval(int code) {
    gone = true;
    announce(awaitingExit, code);
    announce(awaitingRemoval, code);
    Fault.NotFound removed =
        new Fault.NotFound(
            "container", container.id(), "No such container: " + container.id() + ": removed");
    takeAwaitingStart().forEach(f -> f.completeExceptionally(removed));
  }

  boolean isGone() {
    return gone;
  }

  private static void announce(List<CompletableFuture<Integer>> waiting, int code) {
    List<CompletableFuture<Integer>> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(f -> f.complete(code));
  }
}
