package dev.kemas.registry.store;

import dev.kemas.content.BlobInfo;
import dev.kemas.content.Ingest;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A blob being written as pieces. What is small stays in memory up to the commit and becomes one
 * object. The hash goes along with the bytes as long as one server has written them all; else the
 * pieces are read again at the commit.
 */
final class S3Ingest implements Ingest {
  private static final int PIECE = 64 * 1024;

  private final S3BlobStore store;
  private final String key;
  private final List<Piece> pieces;
  private Optional<MessageDigest> hash;
  private Optional<byte[]> buffer = Optional.empty();
  private int filled;
  private boolean over;

  /** Some bytes that are an object of their own. */
  record Piece(String name, long offset, long size) {
    long end() {
      return offset + size;
    }
  }

  S3Ingest(S3BlobStore store, String key, List<Piece> pieces, Optional<MessageDigest> hash) {
    this.store = store;
    this.key = key;
    this.pieces = new ArrayList<>(pieces);
    this.hash = hash;
  }

  @Override
  public String key() {
    return key;
  }

  private long stored() {
    return pieces.isEmpty() ? 0 : pieces.getLast().end();
  }

  @Override
  public long offset() {
    return stored() + filled;
  }

  @Override
  public void write(ByteBuffer bytes) {
    checkOpen();
    while (bytes.hasRemaining()) {
      byte[] into = buffer.orElseGet(store.buffers()::take);
      buffer = Optional.of(into);
      int n = Math.min(bytes.remaining(), into.length - filled);
      bytes.get(into, filled, n);
      int from = filled;
      hash.ifPresent(h -> h.update(into, from, n));
      filled += n;
      if (filled == into.length) {
        flush();
      }
    }
  }

  private void flush() {
    if (filled == 0) {
      return;
    }
    long at = stored();
    String name = S3BlobStore.INGEST + key + "/" + "%019d".formatted(at);
    byte[] bytes = buffer.orElseThrow();
    if (!store.s3().writeNew(name, bytes, filled)) {
      throw new Fault.Conflict("another server is writing to \"" + key + "\"");
    }
    pieces.add(new Piece(name, at, filled));
    filled = 0;
  }

  @Override
  public void restart() {
    checkOpen();
    pieces.forEach(piece -> store.s3().delete(piece.name()));
    pieces.clear();
    filled = 0;
    hash = Optional.of(Digest.sha256Hasher());
  }

  @Override
  public BlobInfo commit(OptionalLong expectedSize, Digest expected) {
    checkOpen();
    try {
      long size = offset();
      if (expectedSize.isPresent() && expectedSize.getAsLong() != size) {
        throw damaged("has " + size + " bytes and not " + expectedSize.getAsLong());
      }
      Digest actual = digest(expected);
      if (!actual.equals(expected)) {
        throw damaged("is " + actual + " and not " + expected);
      }
      return publish(expected, size);
    } finally {
      abort();
    }
  }

  @Override
  public BlobInfo commit(Consumer<Digest> beforeVisible) {
    checkOpen();
    try {
      long size = offset();
      Digest digest = digest(Digest.of(new byte[0]));
      beforeVisible.accept(digest);
      return publish(digest, size);
    } finally {
      abort();
    }
  }

  private Fault.DataLoss damaged(String how) {
    return new Fault.DataLoss(
        "the content of \"" + key + "\" " + how + ": it was damaged on the way; fetch it again");
  }

  /** The digest in the algorithm of another one. */
  private Digest digest(Digest like) {
    if (hash.isPresent() && like.algorithm().equals("sha256")) {
      return Digest.sha256(hash.get().digest());
    }
    MessageDigest again = like.hasher();
    byte[] block = new byte[PIECE];
    for (Piece piece : pieces) {
      try (InputStream in = store.s3().open(piece.name(), 0, piece.size())) {
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
          again.update(block, 0, n);
        }
      } catch (IOException e) {
        throw new Fault.Unavailable("cannot read \"" + key + "\" again: " + e.getMessage(), e);
      }
    }
    buffer.ifPresent(rest -> again.update(rest, 0, filled));
    return new Digest(like.algorithm(), HexFormat.of().formatHex(again.digest()));
  }

  private BlobInfo publish(Digest digest, long size) {
    if (!store.isFresh(digest)) {
      String name = S3BlobStore.name(digest);
      if (pieces.isEmpty()) {
        store.s3().write(name, buffer.orElseGet(() -> new byte[0]), filled);
      } else {
        flush();
        new S3Composition(store.s3(), store.buffers(), name).of(pieces);
      }
    }
    return new BlobInfo(digest, size, Instant.now());
  }

  @Override
  public void abort() {
    if (!over) {
      over = true;
      giveBuffer();
      store.drop(key, pieces);
    }
  }

  @Override
  public void close() {
    if (over) {
      return;
    }
    over = true;
    try {
      flush();
    } finally {
      giveBuffer();
      store.keep(key, stored(), hash, pieces);
    }
  }

  private void giveBuffer() {
    buffer.ifPresent(store.buffers()::give);
    buffer = Optional.empty();
    filled = 0;
  }

  private void checkOpen() {
    if (over) {
      throw new Fault.Conflict("the ingest of \"" + key + "\" is over");
    }
  }
}
