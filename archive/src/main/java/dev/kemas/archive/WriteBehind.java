package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Hashes, compresses and writes pieces on a thread of its own, beside the thread that reads files.
 * The thread starts only when there is more than one piece.
 */
final class WriteBehind implements PieceSink, AutoCloseable {
  private static final int BUFFERS = 6;

  /** What was written, once all is. */
  record Written(Digest plain, long plainSize, Digest packed, long packedSize) {}

  private static final class Piece {
    private final byte[] bytes;
    private final int length;

    Piece(byte[] bytes, int length) {
      this.bytes = bytes;
      this.length = length;
    }
  }

  private final Compression compression;
  private final MessageDigest plainHash = Digest.sha256Hasher();
  private final HashedOutput packed;
  private final OutputStream compressor;
  private final BlockingQueue<Piece> filled = new ArrayBlockingQueue<>(BUFFERS + 1);
  private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BUFFERS + 1);
  private final Piece end = new Piece(new byte[0], 0);
  private @Nullable Thread behind;
  private volatile @Nullable Throwable failure;
  private long plainSize;

  /** Nothing of this closes the target. */
  WriteBehind(OutputStream out, Compression compression) throws IOException {
    this.compression = compression;
    // uncompressed, both hashes are the same one
    packed = new HashedOutput(out, compression != Compression.NONE);
    compressor = compression.compress(packed);
  }

  @Override
  public byte[] exchange(byte[] piece, int length) throws IOException {
    if (length == 0) {
      return piece;
    }
    plainSize += length;
    if (behind == null && length < PieceSink.SIZE) {
      process(piece, length);
      return piece;
    }
    if (behind == null) {
      for (int i = 1; i < BUFFERS; i++) {
        free.add(new byte[PieceSink.SIZE]);
      }
      behind = Thread.ofPlatform().name("kemas-write-behind").daemon(true).start(this::run);
    }
    try {
      filled.put(new Piece(piece, length));
      byte[] next = free.take();
      fail();
      return next;
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void run() {
    try {
      for (Piece piece = filled.take(); piece != end; piece = filled.take()) {
        if (failure == null) {
          process(piece.bytes, piece.length);
        }
        free.add(piece.bytes);
      }
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      // whoever fills pieces must find room once more, to see the failure
      free.add(new byte[PieceSink.SIZE]);
    } catch (InterruptedException e) {
      failure = e;
    }
  }

  private void process(byte[] bytes, int length) throws IOException {
    plainHash.update(bytes, 0, length);
    compressor.write(bytes, 0, length);
  }

  private void fail() throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new Fault.Internal("writing behind ended", e);
    }
  }

  /** Waits until everything is written. */
  Written finish() throws IOException {
    Thread thread = behind;
    if (thread != null) {
      try {
        filled.put(end);
        thread.join();
      } catch (InterruptedException e) {
        throw interrupted();
      }
      fail();
    }
    compressor.close();
    packed.flush();
    Digest plain = Digest.sha256(plainHash.digest());
    boolean same = compression == Compression.NONE;
    return new Written(
        plain, plainSize, same ? plain : packed.digest(), same ? plainSize : packed.size());
  }

  private static Fault interrupted() {
    Thread.currentThread().interrupt();
    return new Fault.Cancelled("writing the archive was interrupted");
  }

  /** After a failure: sees to it that nothing is written any more. */
  @Override
  public void close() {
    Thread thread = behind;
    if (thread != null && thread.isAlive()) {
      thread.interrupt();
    }
  }
}
