package dev.kemas.engine;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that nobody waits for, until the engine is closed. */
final class Background {
  private static final Logger LOG = LoggerFactory.getLogger(Background.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Set<Thread> running = ConcurrentHashMap.newKeySet();

  /** Runs it on a virtual thread; what it throws is logged. */
  void run(String name, Runnable work) {
    Thread thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(() -> {
              try {
                work.run();
              } catch (RuntimeException e) {
                LOG.warn("{} failed: {}", name, e.getMessage(), e);
              } finally {
                running.remove(Thread.currentThread());
              }
            });
    running.add(thread);
    thread.start();
  }

  /** Waits for all of it, but not for ever: what is not done is done at the next start. */
  void settle() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      for (Thread thread : running) {
        Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        if (!thread.join(left)) {
          LOG.warn("{} is not done; it is done at the next start", thread.getName());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
