package dev.kemas.registry.server;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The one way tests wait: for a condition, until a deadline. */
public final class Wait {
  private Wait() {}

  /** A condition that may fail with any exception, which ends the wait. */
  public interface Condition {
    boolean holds() throws Exception;
  }

  public static void until(String what, Duration limit, Condition condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (!condition.holds()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
        }
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("failed while waiting: " + what, e);
    }
  }
}
