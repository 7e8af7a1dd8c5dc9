package dev.kemas.engine;

import dev.kemas.container.HostConfig.RestartPolicy;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Starts ended containers again as their policies say, after a pause that doubles from a tenth of a
 * second to a minute, and begins anew for one that ran ten seconds.
 */
final class Restarts {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration GOOD_RUN = Duration.ofSeconds(10);

  private final Consumer<Cell> restart;
  private final ConcurrentMap<String, CountDownLatch> pending = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Duration> pauses = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Restarts(Consumer<Cell> restart) {
    this.restart = restart;
  }

  /** Whether the policy wants another run after this exit code. */
  static boolean again(Container container, int exitCode) {
    RestartPolicy policy = container.host().restartPolicy();
    return switch (policy.name()) {
      case "always", "unless-stopped" -> true;
      case "on-failure" ->
          exitCode != 0
              && (policy.maximumRetryCount() == 0
                  || container.restarts() < policy.maximumRetryCount());
      default -> false;
    };
  }

  void schedule(Cell cell, Duration lasted, int restarts) {
    String id = cell.now().id();
    Duration pause =
        lasted.compareTo(GOOD_RUN) > 0 || restarts == 0
            ? FIRST
            : pauses.getOrDefault(id, FIRST).multipliedBy(2);
    Duration bounded = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    pauses.put(id, bounded);
    CountDownLatch cancelled = new CountDownLatch(1);
    pending.put(id, cancelled);
    Thread.ofVirtual()
        .name("restart-" + id)
        .start(() -> {
          try {
            if (!cancelled.await(bounded.toMillis(), TimeUnit.MILLISECONDS)
                && pending.remove(id, cancelled)
                && !closed) {
              restart.accept(cell);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  void cancel(String id) {
    pauses.remove(id);
    CountDownLatch latch = pending.remove(id);
    if (latch != null) {
      latch.countDown();
    }
  }

  void close() {
    closed = true;
    pending.keySet().forEach(this::cancel);
  }
}
