package dev.kemas.registry.client;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A large blob whose next pieces come over connections of their own while one is read: where a line
 * is long or a registry allots so much to each connection, that is several times as fast. Memory is
 * bounded by the pieces under way. For one thread.
 */
final class RangedStream extends InputStream {
  /** Bytes of one request. */
  static final int PIECE = 4 << 20;

  /** Below this a second connection gains nothing. */
  static final long LARGE = 64L << 20;

  /** Connections of one blob. */
  private static final int AT_ONCE = 3;

  /** What asks for a piece. */
  @FunctionalInterface
  interface Source {
    /** The bytes of a piece, or more than these where the registry takes no ranges any more. */
    InputStream open(long from, int length);
  }

  private final Source source;
  private final long end;
  private final InputStream first;
  private final Deque<FutureTask<byte[]>> coming = new ArrayDeque<>();
  private final Deque<Thread> threads = new ArrayDeque<>();
  private long asked;
  private byte[] piece = new byte[0];
  private int at;

  /**
   * @param from the first byte that is wanted
   * @param end the byte behind the last
   * @param first an answer that has begun, to the first piece
   */
  RangedStream(Source source, long from, long end, InputStream first) {
    this.source = source;
    this.end = end;
    this.first = first;
    this.asked = from;
    ask(first);
    while (coming.size() < AT_ONCE && asked < end) {
      ask(null);
    }
  }

  private void ask(@Nullable InputStream begun) {
    long from = asked;
    int length = (int) Math.min(PIECE, end - from);
    asked += length;
    FutureTask<byte[]> task =
        new FutureTask<>(() -> {
          try (InputStream in = begun == null ? source.open(from, length) : begun) {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
              throw new IOException(
                  "the blob ends at byte " + (from + bytes.length) + " of " + end);
            }
            return bytes;
          }
        });
    coming.add(task);
    threads.add(Thread.ofVirtual().name("blob from " + from).start(task));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (at == piece.length) {
      if (coming.isEmpty()) {
        return -1;
      }
      next();
    }
    int n = Math.min(length, piece.length - at);
    System.arraycopy(piece, at, bytes, from, n);
    at += n;
    return n;
  }

  private void next() throws IOException {
    try {
      piece = coming.element().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Fault fault) {
        throw fault;
      }
      throw e.getCause() instanceof IOException broken ? broken : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a blob came", e);
    } catch (CancellationException e) {
      throw new IOException("it is closed", e);
    }
    at = 0;
    coming.remove();
    threads.remove();
    if (asked < end) {
      ask(null);
    }
  }

  @Override
  public void close() throws IOException {
    coming.forEach(task -> task.cancel(true));
    first.close(); // whose thread may not have begun
    for (Thread thread : threads) {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    coming.clear();
    threads.clear();
  }
}
