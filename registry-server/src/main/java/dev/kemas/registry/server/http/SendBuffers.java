package dev.kemas.registry.server.http;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Memory outside the heap that blobs are sent through. There is a bound; who comes when everything
 * is lent waits, so that many slow readers cannot take all memory. Thread-safe.
 */
final class SendBuffers {
  private static final int SIZE = 256 * 1024;
  private static final int MOST = 96;

  private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
  private final Semaphore left = new Semaphore(MOST);

  /** One buffer, to be given back by closing. */
  final class Lent implements AutoCloseable {
    private final ByteBuffer buffer;

    private Lent(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    ByteBuffer buffer() {
      return buffer;
    }

    @Override
    public void close() {
      free.add(buffer);
      left.release();
    }
  }

  Lent take() {
    left.acquireUninterruptibly();
    ByteBuffer buffer = free.poll();
    return new Lent(buffer == null ? ByteBuffer.allocateDirect(SIZE) : buffer);
  }
}
