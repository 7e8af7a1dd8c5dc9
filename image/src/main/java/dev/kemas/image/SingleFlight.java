package dev.kemas.image;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * One work per key: who asks for what is under way waits for it. What failed is tried anew by the
 * next one, and by those who waited, since it may have failed by the first one's own circumstances.
 */
final class SingleFlight<K, V> {
  private final ConcurrentHashMap<K, FutureTask<V>> underWay = new ConcurrentHashMap<>();

  /**
   * @throws IOException what the work threw, as are faults
   */
  V run(K key, Callable<V> work) throws IOException {
    FutureTask<V> mine = new FutureTask<>(work);
    while (true) {
      FutureTask<V> running = underWay.putIfAbsent(key, mine);
      if (running == null) {
        try {
          mine.run();
        } finally {
          underWay.remove(key, mine);
        }
        return outcome(mine);
      }
      awaitEnd(running, key);
      if (running.state() == Future.State.SUCCESS) {
        return running.resultNow();
      }
    }
  }

  private static void awaitEnd(FutureTask<?> task, Object key) {
    try {
      task.get();
    } catch (ExecutionException e) {
      return; // the one who ran it is told; the state says so to the others
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted while waiting for " + key);
    }
  }

  private static <V> V outcome(FutureTask<V> task) throws IOException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Fault fault) {
        throw fault;
      }
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new Fault.Internal("unexpected: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted");
    }
  }
}
