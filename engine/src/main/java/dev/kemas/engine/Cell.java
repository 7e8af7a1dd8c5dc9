package dev.kemas.engine;

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

  Cell(Container container) {
    this.container = container;
  }

  Container now() {
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
