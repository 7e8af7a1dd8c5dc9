package dev.kemas.mount.travel;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Work upon chunks, a few at a time: places are far away, and a chunk is some MiB of memory. Given
 * out and waited for by one thread. Closing waits for what runs.
 */
final class Lanes implements AutoCloseable {
  private static final int LANES = 4;

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          LANES, Thread.ofPlatform().name("kemas-mount-", 0).daemon(true).factory());
  private final Deque<Future<?>> running = new ArrayDeque<>();

  /** Begins some work, after waiting while too much is under way; throws what failed before. */
  <T> Future<T> begin(Callable<T> work) {
    room();
    Future<T> begun = threads.submit(work);
    running.add(begun);
    return begun;
  }

  /** The same for work that comes to nothing. */
  void run(Runnable work) {
    room();
    running.add(threads.submit(work));
  }

  private void room() {
    while (running.size() >= LANES) {
      result(running.remove());
    }
  }

  /** Waits for all of it. */
  void await() {
    while (!running.isEmpty()) {
      result(running.remove());
    }
  }

  /** What came of a piece of work. */
  static <T> T result(Future<T> work) {
    try {
      return work.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof Fault fault) {
        throw fault;
      }
      if (cause instanceof IOException broken) {
        throw new Fault.Unavailable("the line breaks: " + broken.getMessage(), broken);
      }
      throw new Fault.Internal("a chunk cannot be worked upon: " + cause, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted while the contents of a mount travelled");
    }
  }

  @Override
  public void close() {
    running.forEach(work -> work.cancel(false));
    threads.close();
  }
}
