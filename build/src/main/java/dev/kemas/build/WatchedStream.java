package dev.kemas.build;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A stream that is closed under its reader when nothing has come for a while. */
final class WatchedStream extends FilterInputStream {
  private final AtomicLong reads = new AtomicLong();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Duration idle;
  private volatile boolean stalled;

  WatchedStream(InputStream in, Duration idle) {
    super(in);
    this.idle = idle;
    Thread.ofVirtual().name("stall-watch").start(this::watch);
  }

  private void watch() {
    long seen = -1;
    try {
      while (!over.await(idle.toMillis(), TimeUnit.MILLISECONDS)) {
        long now = reads.get();
        if (now == seen) {
          stalled = true;
          in.close();
          return;
        }
        seen = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // the reader is told of the stall in any case
      stalled = true;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      int n = in.read(into, offset, length);
      reads.incrementAndGet();
      if (n < 0 && stalled) {
        throw stall(null);
      }
      return n;
    } catch (IOException e) {
      throw stalled ? stall(e) : e;
    }
  }

  private IOException stall(@org.jspecify.annotations.Nullable IOException cause) {
    return new IOException("nothing came for %d s".formatted(idle.toSeconds()), cause);
  }

  @Override
  public void close() throws IOException {
    over.countDown();
    in.close();
  }
}
