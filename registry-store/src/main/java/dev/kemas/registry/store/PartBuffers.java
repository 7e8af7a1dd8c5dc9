package dev.kemas.registry.store;

import dev.kemas.fault.Fault;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Memory in which bytes wait to become an object. There is a bound. Thread-safe. */
final class PartBuffers {
  /** Above the 5 MiB that a part of an object must have at least. */
  static final int SIZE = 6 << 20;

  private static final int MOST = 8;
  private static final long WAIT_SECONDS = 60;

  private final ConcurrentLinkedQueue<byte[]> free = new ConcurrentLinkedQueue<>();
  private final Semaphore left = new Semaphore(MOST);

  /**
   * Lends one.
   *
   * @throws Fault.Unavailable when none comes free in time
   */
  byte[] take() {
    try {
      if (!left.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new Fault.Unavailable("too many uploads at once: try again later");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted while waiting for memory");
    }
    byte[] buffer = free.poll();
    return buffer == null ? new byte[SIZE] : buffer;
  }

  void give(byte[] buffer) {
    free.add(buffer);
    left.release();
  }
}
