package dev.kemas.content;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings blobs to the disk behind their commit. Waiting there would cost more than all the rest of
 * a load: instead a marker, a symbolic link in {@code unsynced}, is made before the blob appears
 * and removed when its bytes are on the disk (fsync(2)). Marker and rename are entries of one file
 * system's journal, in that order; so after a power failure each blob that may be damaged has its
 * marker, which says the boot it was made in.
 */
final class DiskQueue implements AutoCloseable {
  private final Path blobs;
  private final Path markers;
  private final String boot;
  private final long delayNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Digest> waiting = new LinkedHashSet<>();
  private int hurrying; // who waits in drain
  private boolean closed;
  private boolean writing;
  private @Nullable IOException failure;
  private @Nullable Thread thread;

  DiskQueue(Path root, Path blobs, Duration delay) throws IOException {
    this.blobs = blobs;
    this.delayNanos = delay.toNanos();
    this.markers = Files.createDirectories(root.resolve("unsynced"));
    this.boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  /** Looks at what was not known to be on the disk when the store was open last. */
  void recover(Predicate<Digest> isWhole) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(markers)) {
      for (Path marker : found) {
        Digest digest = Digest.parse(marker.getFileName().toString().replace('-', ':'));
        if (!Files.exists(path(digest))) {
          Files.deleteIfExists(marker);
        } else if (Files.readSymbolicLink(marker).toString().equals(boot) || isWhole.test(digest)) {
          queue(digest);
        } else {
          Files.deleteIfExists(path(digest));
          Files.deleteIfExists(marker);
        }
      }
    }
  }

  private Path path(Digest digest) {
    return blobs.resolve(digest.algorithm()).resolve(digest.hex());
  }

  private Path marker(Digest digest) {
    return markers.resolve(digest.algorithm() + "-" + digest.hex());
  }

  /** Makes a blob visible. */
  @FunctionalInterface
  interface Appearance {
    void run() throws IOException;
  }

  /** Has a blob appear, with its marker before it and its way to the disk behind it. */
  void publish(Digest digest, Appearance appearance) throws IOException {
    lock.lock();
    try {
      if (!Files.isSymbolicLink(marker(digest))) {
        Files.createSymbolicLink(marker(digest), Path.of(boot));
      }
      appearance.run();
      queue(digest);
    } finally {
      lock.unlock();
    }
  }

  private void queue(Digest digest) {
    lock.lock();
    try {
      waiting.add(digest);
      if (thread == null && !closed) {
        thread = Thread.ofPlatform().name("kemas-content-sync").daemon(true).start(this::run);
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      Digest[] batch;
      lock.lock();
      try {
        long left = delayNanos;
        while (hurrying == 0 && left > 0) {
          left = changed.awaitNanos(left);
        }
        if (waiting.isEmpty()) {
          // an idle store has no thread
          thread = null;
          changed.signalAll();
          return;
        }
        batch = waiting.toArray(Digest[]::new);
        waiting.clear();
        writing = true;
      } catch (InterruptedException e) {
        thread = null;
        changed.signalAll();
        return;
      } finally {
        lock.unlock();
      }
      write(batch);
    }
  }

  private void write(Digest[] batch) {
    IOException failed = null;
    for (Digest digest : batch) {
      try {
        force(digest);
        deleteMarker(digest);
      } catch (IOException e) {
        // the marker stays, so that the blob is looked at again
        failed = e;
      }
    }
    lock.lock();
    try {
      writing = false;
      failure = failed;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void force(Digest digest) throws IOException {
    try (FileChannel file = FileChannel.open(path(digest), StandardOpenOption.READ)) {
      file.force(true);
    } catch (NoSuchFileException e) {
      // deleted meanwhile: there is nothing that could be damaged
    }
  }

  private void deleteMarker(Digest digest) throws IOException {
    lock.lock();
    try {
      // unless it was deleted and has come again
      if (!waiting.contains(digest)) {
        Files.deleteIfExists(marker(digest));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything queued so far is on the disk. */
  void drain() {
    lock.lock();
    try {
      hurrying++;
      changed.signalAll();
      while (thread != null && (!waiting.isEmpty() || writing)) {
        changed.await();
      }
      IOException failed = failure;
      failure = null;
      if (failed != null) {
        throw IoFaults.of("cannot bring blobs to the disk", failed);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("waiting for the disk was interrupted");
    } finally {
      hurrying--;
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    drain();
  }
}
