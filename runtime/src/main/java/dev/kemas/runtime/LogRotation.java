package dev.kemas.runtime;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps logs from filling a disk: a file that has grown over its limit is put aside under a higher
 * number, the oldest is dropped, and conmon opens a new one. conmon writes on into the file put
 * aside until it has opened the new one, so nothing is lost. While no engine runs, conmon itself
 * cuts a log that passes a multiple of the limit.
 */
final class LogRotation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);
  private static final long EVERY_MILLIS = 500;

  private final ConcurrentMap<Bundle, CreateRequest.LogLimits> logs = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean ticking;

  synchronized void add(Bundle bundle, CreateRequest.LogLimits limits) {
    logs.put(bundle, limits);
    if (!ticking) {
      ticking = true;
      Thread.ofVirtual().name("log-rotation").start(this::tick);
    }
  }

  void remove(Bundle bundle) {
    logs.remove(bundle);
  }

  private void tick() {
    try {
      while (!closed.await(EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    logs.forEach((bundle, limits) -> {
      try {
        if (Files.size(bundle.log()) > limits.fileBytes()) {
          rotate(bundle, limits.files());
        }
      } catch (NoSuchFileException ended) {
        LOG.debug("the log of {} is gone: {}", bundle.id(), ended.getMessage());
      } catch (IOException | Fault e) {
        LOG.warn("cannot rotate the log of {}: {}", bundle.id(), e.getMessage());
      }
    });
  }

  private static void rotate(Bundle bundle, int files) throws IOException {
    Files.deleteIfExists(bundle.log(files - 1));
    for (int age = files - 2; age >= 0; age--) {
      if (Files.exists(bundle.log(age))) {
        Files.move(bundle.log(age), bundle.log(age + 1), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    Conmon.reopenLog(bundle);
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
