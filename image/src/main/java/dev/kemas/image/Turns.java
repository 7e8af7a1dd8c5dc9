package dev.kemas.image;

import dev.kemas.fault.Fault;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Lets as many through at once as a setting says at that moment, in the order they came. A setting
 * that was lowered takes nothing from who is through already. Thread-safe.
 */
final class Turns {
  /** How soon who waits sees a setting that was raised, where nobody else comes to an end. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final IntSupplier most;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition freed = lock.newCondition();
  private int taken;

  /**
   * @param most how many, asked anew each time
   */
  Turns(IntSupplier most) {
    this.most = most;
  }

  /**
   * Waits for a turn; close it when through.
   *
   * @param what for messages
   * @throws Fault.Cancelled when interrupted
   */
  Turn take(String what) {
    lock.lock();
    try {
      while (taken >= most.getAsInt()) {
        freed.awaitNanos(LOOK_NANOS);
      }
      taken++;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted while waiting for a turn: " + what);
    } finally {
      lock.unlock();
    }
    return this::give;
  }

  private void give() {
    lock.lock();
    try {
      taken--;
      freed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** One that is through. */
  @FunctionalInterface
  interface Turn extends AutoCloseable {
    /** Lets the next one; once only. */
    @Override
    void close();
  }
}
