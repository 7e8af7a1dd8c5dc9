package dev.kemas.image;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
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
      try {
        return running.get();
      } catch (ExecutionException e) {
        continue; // now it is this caller's turn
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Fault.Cancelled("interrupted while waiting for " + key);
      }
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
