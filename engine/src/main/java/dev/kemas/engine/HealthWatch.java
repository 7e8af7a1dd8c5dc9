package dev.kemas.engine;

import dev.kemas.fault.Fault;
import dev.kemas.oci.ProcessDefaults.Healthcheck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks containers by their own check how they fare (Dockerfile reference, "HEALTHCHECK"): one
 * virtual thread a checked container, from its start to its end.
 */
final class HealthWatch {
  private static final Logger LOG = LoggerFactory.getLogger(HealthWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration START_INTERVAL = Duration.ofSeconds(5);
  private static final int RETRIES = 3;
  private static final int LOG_LENGTH = 5;
  private static final String STARTING = "starting";

  private final Execs execs;
  private final ContainerEvents events;
  private final ConcurrentMap<String, Health> states = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, CountDownLatch> running = new ConcurrentHashMap<>();

  /** How often it was frozen and thawed again; odd while it is frozen. */
  private final ConcurrentMap<String, Integer> pauses = new ConcurrentHashMap<>();

  HealthWatch(Execs execs, ContainerEvents events) {
    this.execs = execs;
    this.events = events;
  }

  Optional<Health> of(String id) {
    return Optional.ofNullable(states.get(id));
  }

  void started(Container container) {
    Optional<Healthcheck> check = container.config().healthcheck();
    if (check.isEmpty() || command(container, check.get()).isEmpty()) {
      return;
    }
    CountDownLatch end = new CountDownLatch(1);
    if (container.state() instanceof ContainerState.Paused) {
      paused(container.id());
    }
    running.put(container.id(), end);
    states.put(container.id(), new Health(STARTING, 0, List.of()));
    Thread.ofVirtual()
        .name("health-" + container.id())
        .start(() -> watch(container, check.get(), end));
  }

  /** The check as a command; empty for none. */
  private static List<String> command(Container container, Healthcheck check) {
    List<String> test = check.test();
    if (test.isEmpty()) {
      return List.of();
    }
    List<String> words = test.subList(1, test.size());
    return switch (test.getFirst()) {
      case "CMD" -> words;
      case "CMD-SHELL" -> {
        List<String> shell =
            container.config().shell().isEmpty()
                ? List.of("/bin/sh", "-c")
                : container.config().shell();
        List<String> whole = new ArrayList<>(shell);
        whole.addAll(words);
        yield whole;
      }
      default -> List.of();
    };
  }

  private static Duration or(long nanos, Duration inherited) {
    return nanos > 0 ? Duration.ofNanos(nanos) : inherited;
  }

  private void watch(Container container, Healthcheck check, CountDownLatch end) {
    Instant started = container.state().started().orElseGet(Instant::now);
    Instant warm = started.plusNanos(check.startPeriod());
    List<String> command = command(container, check);
    try {
      while (true) {
        boolean starting =
            of(container.id()).map(h -> h.status().equals(STARTING)).orElse(false)
                && Instant.now().isBefore(warm);
        Duration pause =
            starting ? or(check.startInterval(), START_INTERVAL) : or(check.interval(), INTERVAL);
        if (end.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
        int before = pauses.getOrDefault(container.id(), 0);
        if (isPaused(before)) {
          continue;
        }
        Health.Probe probe = execs.probe(container, command, or(check.timeout(), TIMEOUT));
        if (end.getCount() == 0) {
          return;
        }
        // a probe that stood still with its container tells nothing
        if (pauses.getOrDefault(container.id(), 0) == before) {
          judge(container, check, probe, warm);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Fault e) {
      LOG.warn("the health check of container {} ended: {}", container.id(), e.getMessage());
    }
  }

  private static boolean isPaused(int count) {
    return count % 2 == 1;
  }

  /** A frozen container is not asked. */
  void paused(String id) {
    pauses.compute(id, (key, n) -> n == null ? 1 : n + (isPaused(n) ? 0 : 1));
  }

  /** It is asked again. */
  void resumed(String id) {
    pauses.computeIfPresent(id, (key, n) -> n + (isPaused(n) ? 1 : 0));
  }

  private void judge(Container container, Healthcheck check, Health.Probe probe, Instant warm) {
    Health before = states.getOrDefault(container.id(), new Health(STARTING, 0, List.of()));
    List<Health.Probe> log = new ArrayList<>(before.log());
    log.add(probe);
    if (log.size() > LOG_LENGTH) {
      log.removeFirst();
    }
    String status = before.status();
    int streak = before.failingStreak();
    if (probe.exitCode() == 0) {
      status = "healthy";
      streak = 0;
    } else if (!before.status().equals(STARTING) || !probe.start().isBefore(warm)) {
      streak++;
      if (streak >= (check.retries() > 0 ? check.retries() : RETRIES)) {
        status = "unhealthy";
      }
    }
    states.put(container.id(), new Health(status, streak, log));
    if (!status.equals(before.status())) {
      events.tell("health_status: " + status, container);
    }
  }

  void ended(String id) {
    pauses.remove(id);
    CountDownLatch end = running.remove(id);
    if (end != null) {
      end.countDown();
    }
    states.computeIfPresent(id, (key, h) -> new Health("unhealthy", h.failingStreak(), h.log()));
  }

  void forget(String id) {
    states.remove(id);
  }

  void close() {
    running.keySet().forEach(this::ended);
  }
}
