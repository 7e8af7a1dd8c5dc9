package dev.kemas.daemon;

import dev.kemas.daemon.config.DaemonConfig.ContentOptions;
import dev.kemas.fault.Fault;
import dev.kemas.image.ImageService;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done about image data behind everybody's back: blobs that need not be kept go, unused
 * images when the disk fills up, and what the build cache has too much: once a minute, and soon
 * after something came, if it is configured.
 */
final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final long MINUTE = 60;
  private static final long END_SECONDS = 10;

  private final ImageService images;
  private final Runnable collect;
  private final Runnable collectBuildCache;
  private final Semaphore wake = new Semaphore(0);
  private volatile ContentOptions options;
  private volatile boolean over;
  private final Thread thread;

  /**
   * @param collect removes what nothing needs
   * @param collectBuildCache keeps the build cache within its limits
   */
  Housekeeping(
      ImageService images, ContentOptions options, Runnable collect, Runnable collectBuildCache) {
    this.collectBuildCache = collectBuildCache;
    this.collect = collect;
    this.images = images;
    this.options = options;
    this.thread = Thread.ofPlatform().name("housekeeping").daemon(true).start(this::run);
  }

  /** Something came or changed. */
  void nudge() {
    if (wake.availablePermits() == 0) {
      wake.release();
    }
  }

  /** Other options hold from now on. */
  void reload(ContentOptions other) {
    options = other;
    nudge();
  }

  private void run() {
    // what a process that was killed was working on is nobody's now
    collect.run();
    while (!over) {
      try {
        once(options);
      } catch (Fault.Cancelled e) {
        return; // the daemon ends
      } catch (RuntimeException e) {
        LOG.error("cannot tidy up images: {}", e.getMessage(), e);
      }
      pause();
    }
  }

  private void pause() {
    try {
      if (wake.tryAcquire(MINUTE, TimeUnit.SECONDS)) {
        wake.drainPermits();
      }
    } catch (InterruptedException e) {
      over = true;
    }
  }

  private void once(ContentOptions now) {
    if (!now.keepCompressed()) {
      long freed = images.dropper().dropAll();
      if (freed > 0) {
        LOG.info("dropped {} bytes of blobs whose layers are unpacked", freed);
      }
    }
    now.marks().ifPresent(images.collector()::collect);
    collectBuildCache.run();
  }

  @Override
  public void close() {
    over = true;
    thread.interrupt();
    try {
      if (!thread.join(Duration.ofSeconds(END_SECONDS))) {
        LOG.warn("tidying up images does not end: it is cut off, and goes on at the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
