package dev.kemas.registry.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends a stream on which nothing comes for too long, so that no pull waits for ever. */
final class StallGuard extends FilterInputStream {
  private final Duration most;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean reading;
  private volatile long waitingSince = System.nanoTime();
  private volatile boolean stalled;

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
    waitingSince = System.nanoTime();
    reading = true;
    try {
      return in.read(bytes, from, length);
    } catch (IOException e) {
      throw stalled ? new IOException("nothing came for " + most.toSeconds() + " s", e) : e;
    } finally {
      reading = false;
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    in.close();
  }
}
