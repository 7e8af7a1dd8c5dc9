package dev.kemas.registry.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Ends a stream on which nothing comes for too long, so that no pull waits for ever. */
final class StallGuard extends FilterInputStream {
  private final Duration most;
  private final Thread watcher;
  private volatile long progressAt = System.nanoTime();
  private volatile boolean stalled;
  private volatile boolean closed;

  StallGuard(InputStream in, Duration most) {
    super(in);
    this.most = most;
    this.watcher = Thread.ofVirtual().name("stall guard").start(this::watch);
  }

  private void watch() {
    while (!closed) {
      long quiet = System.nanoTime() - progressAt;
      if (quiet > most.toNanos()) {
        stalled = true;
        closeSource();
        return;
      }
      try {
        Thread.sleep(Duration.ofNanos(Math.max(1_000_000, most.toNanos() - quiet)));
      } catch (InterruptedException e) {
        return; // closed
      }
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
    progressAt = System.nanoTime();
    try {
      int n = in.read(bytes, from, length);
      progressAt = System.nanoTime();
      return n;
    } catch (IOException e) {
      throw stalled ? new IOException("nothing came for " + most.toSeconds() + " s", e) : e;
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    watcher.interrupt();
    in.close();
  }
}
