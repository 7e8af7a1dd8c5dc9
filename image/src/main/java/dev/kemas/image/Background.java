package dev.kemas.image;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * Work on a platform thread of its own: it blocks in file calls, which would hold the carrier of a
 * virtual thread.
 */
final class Background<T> {
  private final FutureTask<T> task;
  private final String name;

  private Background(String name, Callable<T> work) {
    this.name = name;
    this.task = new FutureTask<>(work);
  }

  static <T> Background<T> start(String name, Callable<T> work) {
    Background<T> background = new Background<>(name, work);
    Thread.ofPlatform().daemon().name(name).start(background.task);
    return background;
  }

  /**
   * Waits for the end.
   *
   * @throws IOException what the work threw, as are faults
   */
  T get() throws IOException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw thrown(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted while waiting: " + name);
    }
  }

  /** Waits for the end, however it was; what it threw is told by {@link #get}. */
  void awaitEnd() {
    boolean interrupted = false;
    while (!task.isDone()) {
      try {
        task.get();
      } catch (ExecutionException e) {
        break; // it has ended, and get() tells how
      } catch (InterruptedException e) {
        interrupted = true; // the work holds files of ours: leave only when it is through
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What came out, once it has ended; empty when it threw. */
  Optional<T> result() {
    return task.state() == Future.State.SUCCESS ? Optional.of(task.resultNow()) : Optional.empty();
  }

  private IOException thrown(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof Fault fault) {
      throw fault;
    }
    if (cause instanceof IOException io) {
      return io;
    }
    throw new Fault.Internal(name + " failed: " + cause, e);
  }
}
