package dev.kemas.registry.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends a stream on which nothing comes for too long, or next to nothing, so that no pull waits for
 * ever. For one reader.
 */
final class StallGuard extends FilterInputStream {
  /** So many bytes must come in the time that a stall may last: less is no transfer. */
  private static final long LEAST = 4096;

  private final Duration most;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean reading;
  private volatile long waitingSince = System.nanoTime();
  private volatile boolean stalled;
  private long waited;
  private long came;

  StallGuard(InputStream in, Duration most) {
    super(in);
    this.most = most;
    Thread.ofVirtual().name("stall guard").start(this::watch);
  }

  private void watch() {
    long left = most.toNanos();
    try {
      while (!closed.await(left, TimeUnit.NANOSECONDS)) {
        // a reader that takes its time is no fault of the registry
        left = most.toNanos() - (reading ? System.nanoTime() - waitingSince : 0);
        if (left <= 0) {
          stalled = true;
          closeSource();
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeSource() {
    try {
      in.close();
    } catch (IOException e) {
      return; // the reader gets an error of its own
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    long start = System.nanoTime();
    waitingSince = start;
    reading = true;
    try {
      int n = in.read(bytes, from, length);
      count(System.nanoTime() - start, n);
      return n;
    } catch (IOException e) {
      throw stalled ? new IOException("nothing came for " + most.toSeconds() + " s", e) : e;
    } finally {
      reading = false;
    }
  }

  private void count(long nanos, int bytes) throws IOException {
    if (stalled) {
      throw new IOException("the stream was closed");
    }
    waited += nanos;
    came += Math.max(0, bytes);
    if (came >= LEAST) {
      waited = 0;
      came = 0;
    } else if (bytes > 0 && waited > most.toNanos()) {
      throw new IOException("only " + came + " bytes came in " + most.toSeconds() + " s");
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    in.close();
  }
}
