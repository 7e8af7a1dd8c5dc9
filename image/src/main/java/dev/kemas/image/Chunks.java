package dev.kemas.image;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hands the same bytes to two readers on threads of their own, without copying them twice. Memory
 * is bounded by the pool: who writes waits for the slower reader.
 */
final class Chunks {
  private static final int SIZE = 256 * 1024;

  /** Buffers that go round. */
  static final class Pool {
    private final ConcurrentLinkedQueue<byte[]> free = new ConcurrentLinkedQueue<>();
    private final Semaphore permits;

    Pool(int chunks) {
      permits = new Semaphore(chunks);
    }

    byte[] take() {
      try {
        permits.acquire();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Fault.Cancelled("interrupted while bytes were passed on");
      }
      byte[] known = free.poll();
      return known == null ? new byte[SIZE] : known;
    }

    void give(byte[] bytes) {
      free.add(bytes);
      permits.release();
    }
  }

  /** Bytes that every reader gives back once; a length below zero marks the end. */
  private static final class Chunk {
    final byte[] bytes;
    final int length;
    private final Pool pool;
    private final AtomicInteger readers;

    Chunk(byte[] bytes, int length, Pool pool, int readers) {
      this.bytes = bytes;
      this.length = length;
      this.pool = pool;
      this.readers = new AtomicInteger(readers);
    }

    void done() {
      if (readers.decrementAndGet() == 0 && length >= 0) {
        pool.give(bytes);
      }
    }
  }

  private static final byte[] NOTHING = {};
  private static final int END = -1;
  private static final int BROKEN = -2;

  private final Pool pool;
  private final Reader[] readers;
  private byte @Nullable [] filling;
  private int filled;

  /**
   * @param readers how many read; each must read to the end or be closed
   */
  Chunks(Pool pool, int readers) {
    this.pool = pool;
    this.readers = new Reader[readers];
    for (int i = 0; i < readers; i++) {
      this.readers[i] = new Reader();
    }
  }

  InputStream reader(int index) {
    return readers[index];
  }

  /** Passes on what the stream has, up to its end. */
  long writeFrom(InputStream in) throws IOException {
    long total = 0;
    while (true) {
      byte[] buffer = buffer();
      int n = in.read(buffer, filled, buffer.length - filled);
      if (n < 0) {
        return total;
      }
      total += n;
      filled += n;
      if (filled == buffer.length) {
        flush();
      }
    }
  }

  void write(byte[] bytes, int from, int length) {
    int offset = from;
    int left = length;
    while (left > 0) {
      byte[] buffer = buffer();
      int n = Math.min(left, buffer.length - filled);
      System.arraycopy(bytes, offset, buffer, filled, n);
      offset += n;
      left -= n;
      filled += n;
      if (filled == buffer.length) {
        flush();
      }
    }
  }

  private byte[] buffer() {
    byte[] buffer = filling;
    if (buffer == null) {
      buffer = pool.take();
      filling = buffer;
      filled = 0;
    }
    return buffer;
  }

  private void flush() {
    byte[] buffer = filling;
    if (buffer != null) {
      filling = null;
      put(new Chunk(buffer, filled, pool, readers.length));
    }
  }

  /** No more bytes. */
  void end() {
    flush();
    put(new Chunk(NOTHING, END, pool, readers.length));
  }

  /** The source failed: reading on throws. */
  void fail() {
    flush();
    put(new Chunk(NOTHING, BROKEN, pool, readers.length));
  }

  private void put(Chunk chunk) {
    for (Reader reader : readers) {
      reader.put(chunk);
    }
  }

  /** One reader's end. Closing it early only means that the rest is thrown away. */
  private static final class Reader extends InputStream {
    // the pool bounds what is in here; one place more for the end
    private final LinkedBlockingQueue<Chunk> queue = new LinkedBlockingQueue<>();
    private @Nullable Chunk current;
    private int position;

    void put(Chunk chunk) {
      queue.add(chunk);
    }

    private Chunk chunk() throws IOException {
      Chunk chunk = current;
      if (chunk != null && (chunk.length < 0 || position < chunk.length)) {
        return chunk;
      }
      if (chunk != null) {
        chunk.done();
        current = null;
      }
      try {
        chunk = queue.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for bytes", e);
      }
      current = chunk;
      position = 0;
      return chunk;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      Objects.checkFromIndexSize(from, length, bytes.length);
      if (length == 0) {
        return 0;
      }
      Chunk chunk = chunk();
      if (chunk.length == END) {
        return -1;
      }
      if (chunk.length == BROKEN) {
        throw new IOException("the source of these bytes failed");
      }
      int n = Math.min(length, chunk.length - position);
      System.arraycopy(chunk.bytes, position, bytes, from, n);
      position += n;
      return n;
    }

    @Override
    public void close() throws IOException {
      while (chunk().length >= 0) {
        position = Integer.MAX_VALUE;
      }
    }
  }
}
