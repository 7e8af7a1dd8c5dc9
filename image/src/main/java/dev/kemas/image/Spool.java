package dev.kemas.image;

import dev.kemas.content.BlobStore;
import dev.kemas.content.Ingest;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Bytes that are kept while they are few: more of them go into a blob, or nowhere. One thread. */
final class Spool extends OutputStream {
  private static final int SMALL = 1 << 20;

  private final @Nullable BlobStore large;
  private @Nullable ByteArrayOutputStream small = new ByteArrayOutputStream();
  private @Nullable Ingest ingest;

  private Spool(@Nullable BlobStore large) {
    this.large = large;
  }

  /** What is large is dropped. */
  static Spool orNothing() {
    return new Spool(null);
  }

  /** What is large goes into a blob. */
  static Spool orBlob(BlobStore blobs) {
    return new Spool(blobs);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    ByteArrayOutputStream kept = small;
    if (kept != null && kept.size() + length <= SMALL) {
      kept.write(bytes, from, length);
      return;
    }
    small = null;
    if (kept != null && large != null) {
      ingest = large.ingest();
      ingest.write(ByteBuffer.wrap(kept.toByteArray()));
    }
    if (ingest != null) {
      ingest.write(ByteBuffer.wrap(bytes, from, length));
    }
  }

  /** Whether all of it is kept here. */
  boolean isSmall() {
    return small != null;
  }

  /** An ingest with all that was written, in this store; the caller ends it. */
  Ingest ingest(BlobStore blobs) {
    Ingest all = ingest;
    ByteArrayOutputStream kept = small;
    if (all == null) {
      all = blobs.ingest();
      all.write(ByteBuffer.wrap(kept == null ? new byte[0] : kept.toByteArray()));
    }
    ingest = null;
    return all;
  }

  /** Drops what nobody took. */
  @Override
  public void close() {
    if (ingest != null) {
      ingest.abort();
      ingest = null;
    }
  }
}
