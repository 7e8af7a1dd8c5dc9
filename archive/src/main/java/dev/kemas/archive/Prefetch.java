package dev.kemas.archive;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Pieces read ahead by a thread of their own, so that reading and decompressing go on beside the
 * work on files. The thread starts only when there is more than one piece: most layers of an image
 * are small.
 *
 * <p>The bytes are hashed here: by the reader, or by the thread ahead of it, whichever has less to
 * do.
 */
final class Prefetch implements Pieces, AutoCloseable {
  /** Which thread hashes. */
  enum Hash {
    NOWHERE,
    AHEAD,
    BEHIND
  }

  private static final int SIZE = 256 * 1024;
  private static final int BUFFERS = 6;

  private static final class Piece {
    private final byte[] bytes;
    private final int length;
    private final @Nullable Throwable failure;

    Piece(byte[] bytes, int length, @Nullable Throwable failure) {
      this.bytes = bytes;
      this.length = length;
      this.failure = failure;
    }
  }

  private final InputStream in;
  private final Hash where;
  private final MessageDigest hash;
  private final BlockingQueue<Piece> filled = new ArrayBlockingQueue<>(BUFFERS + 1);
  private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BUFFERS + 1);
  private byte[] present = new byte[SIZE];
  private boolean started;
  private boolean over;
  private long total;
  private @Nullable Thread ahead;
  private volatile boolean stopped;

  /**
   * @param hash gets every byte, unless {@code where} is {@link Hash#NOWHERE}
   */
  Prefetch(InputStream in, Hash where, MessageDigest hash) {
    this.in = in;
    this.where = where;
    this.hash = hash;
  }

  /** Bytes handed out so far. */
  long total() {
    return total;
  }

  @Override
  public byte[] array() {
    return present;
  }

  @Override
  public int next() throws IOException {
    if (over) {
      return -1;
    }
    int n = started ? take() : first();
    if (n <= 0) {
      over = true;
      return -1;
    }
    total += n;
    if (where == Hash.BEHIND) {
      hash.update(present, 0, n);
    }
    return n;
  }

  private int first() throws IOException {
    started = true;
    int n = in.readNBytes(present, 0, SIZE);
    if (where == Hash.AHEAD) {
      hash.update(present, 0, n);
    }
    if (n == SIZE) {
      for (int i = 1; i < BUFFERS; i++) {
        free.add(new byte[SIZE]);
      }
      ahead = Thread.ofPlatform().name("kemas-read-ahead").daemon(true).start(this::run);
    } else {
      filled.add(new Piece(present, 0, null));
    }
    return n;
  }

  private void run() {
    Throwable failure = null;
    try {
      while (!stopped) {
        byte[] bytes = free.take();
        int n = in.readNBytes(bytes, 0, SIZE);
        if (where == Hash.AHEAD) {
          hash.update(bytes, 0, n);
        }
        if (n > 0) {
          filled.put(new Piece(bytes, n, null));
        }
        if (n < SIZE) {
          break;
        }
      }
    } catch (IOException | RuntimeException | InterruptedException e) {
      failure = e;
    } catch (Error e) {
      // an OutOfMemoryError must not leave the reader waiting for ever
      failure = e;
    }
    filled.add(new Piece(new byte[0], 0, failure));
  }

  private int take() throws IOException {
    Piece piece;
    try {
      if (ahead != null) {
        free.add(present);
      }
      piece = filled.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("reading the archive was interrupted");
    }
    switch (piece.failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new Fault.Internal("reading ahead ended", e);
    }
    present = piece.bytes;
    return piece.length;
  }

  /** Reads to the end, so that every byte is hashed. */
  void drain() throws IOException {
    while (next() >= 0) {}
  }

  /** Stops reading ahead; what the thread is waiting for in the source is the source's to end. */
  @Override
  public void close() {
    stopped = true;
    Optional.ofNullable(ahead).filter(t -> !over).ifPresent(Thread::interrupt);
  }
}
