package dev.kemas.registry.server;

import dev.kemas.registry.server.auth.Gate;
import dev.kemas.registry.server.repository.Collector;
import dev.kemas.registry.server.watch.Metrics;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects garbage from time to time, on a thread of its own. */
final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private final Collector collector;
  private final Gate gate;
  private final Metrics metrics;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Housekeeping(Collector collector, Gate gate, Metrics metrics) {
    this.collector = collector;
    this.gate = gate;
    this.metrics = metrics;
  }

  /** Begins, unless the interval is zero. */
  static Housekeeping start(Collector collector, Gate gate, Metrics metrics, Duration every) {
    Housekeeping housekeeping = new Housekeeping(collector, gate, metrics);
    if (!every.isZero()) {
      Thread.ofPlatform().name("housekeeping").daemon(true).start(() -> housekeeping.run(every));
    }
    return housekeeping;
  }

  private void run(Duration every) {
    try {
      while (!stopped.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
        collect();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void collect() {
    try {
      gate.tidy();
      Collector.Outcome outcome = collector.collect();
      metrics.collected(outcome.blobs(), outcome.bytes());
      if (outcome.links() + outcome.uploads() + outcome.blobs() > 0) {
        LOG.info(
            "collected {} links, {} uploads, {} blobs of {} bytes",
            outcome.links(),
            outcome.uploads(),
            outcome.blobs(),
            outcome.bytes());
      }
    } catch (RuntimeException e) {
      // the next run may succeed; serving goes on
      LOG.error("the garbage collector failed: {}", e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    stopped.countDown();
  }
}
