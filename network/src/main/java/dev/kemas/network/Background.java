package dev.kemas.network;

import dev.kemas.fault.Fault;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One platform thread for what nobody waits for. Work that fails is logged, and the next goes on.
 */
final class Background {
  private static final Logger LOG = LoggerFactory.getLogger(Background.class);

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1, work -> Thread.ofPlatform().name("kemas-net-background").daemon(true).unstarted(work));

  Background() {
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** When there is time; nothing after {@link #stop}: the next start does it. */
  void soon(Runnable work) {
    later(0, work);
  }

  /** After a while. */
  void later(long millis, Runnable work) {
    try {
      Future<?> scheduled = executor.schedule(() -> guarded(work), millis, TimeUnit.MILLISECONDS);
      LOG.trace("background work in {} ms: {}", millis, scheduled);
    } catch (RejectedExecutionException e) {
      LOG.debug("background work is left to the next start", e);
    }
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error("background work on networks failed; the next start repairs it", e);
    }
  }

  /** Does it on the thread and waits; what it throws is thrown here. */
  <T> T call(Callable<T> work) {
    try {
      return executor.submit(work).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted while the networks settled");
    } catch (RejectedExecutionException e) {
      throw new Fault.Unavailable("the networks are closed", e);
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case RuntimeException cause -> cause;
        case Error cause -> throw cause;
        case null, default -> new Fault.Internal("background work failed", e);
      };
    }
  }

  void stop() {
    executor.shutdown();
  }
}
