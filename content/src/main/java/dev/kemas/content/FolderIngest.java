package dev.kemas.content;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A blob being written to a file of the folder's ingest directory. */
final class FolderIngest implements Ingest {

  private final FolderBlobStore store;
  private final String key;
  private final FileChannel file;
  private MessageDigest hash;
  private long offset;
  private boolean over;

  FolderIngest(
      FolderBlobStore store, String key, FileChannel file, MessageDigest hash, long offset) {
    this.store = store;
    this.key = key;
    this.file = file;
    this.hash = hash;
    this.offset = offset;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public long offset() {
    return offset;
  }

  @Override
  public void write(ByteBuffer bytes) {
    checkOpen();
    try {
      while (bytes.hasRemaining()) {
        // hashed after it was written, so that both stay in step when the disk is full
        ByteBuffer written = bytes.duplicate();
        int n = file.write(bytes, offset);
        hash.update(written.limit(written.position() + n));
        offset += n;
      }
    } catch (IOException e) {
      throw IoFaults.of("cannot write \"" + key + "\"", e);
    }
  }

  @Override
  public void restart() {
    checkOpen();
    try {
      file.truncate(0);
      offset = 0;
      hash.reset();
    } catch (IOException e) {
      throw IoFaults.of("cannot start \"" + key + "\" over", e);
    }
  }

  @Override
  public BlobInfo commit(OptionalLong expectedSize, Digest expected) {
    checkOpen();
    try {
      if (expectedSize.isPresent() && expectedSize.getAsLong() != offset) {
        throw IngestKeys.wrongSize(key, expectedSize.getAsLong(), offset);
      }
      Digest actual = digest(expected);
      if (!actual.equals(expected)) {
        throw IngestKeys.wrongDigest(key, expected, actual);
      }
      return store.publish(key, actual, offset);
    } finally {
      abort();
    }
  }

  @Override
  public BlobInfo commit(Consumer<Digest> beforeVisible) {
    checkOpen();
    try {
      Digest digest = Digest.sha256(hash.digest());
      beforeVisible.accept(digest);
      return store.publish(key, digest, offset);
    } finally {
      abort();
    }
  }

  /** While writing, the canonical algorithm is used; for another one the bytes are read again. */
  private Digest digest(Digest expected) {
    if (expected.algorithm().equals("sha256")) {
      return Digest.sha256(hash.digest());
    }
    MessageDigest other = expected.hasher();
    FolderBlobStore.hash(file, offset, other, "\"" + key + "\"");
    return FolderBlobStore.digest(expected, other);
  }

  @Override
  public void abort() {
    if (!over) {
      over = true;
      closeFile();
      store.drop(key);
    }
  }

  @Override
  public void close() {
    if (!over) {
      over = true;
      closeFile();
      store.keep(key, offset, hash);
    }
  }

  private void closeFile() {
    try {
      file.close();
    } catch (IOException e) {
      throw IoFaults.of("cannot close \"" + key + "\"", e);
    }
  }

  private void checkOpen() {
    if (over) {
      throw new Fault.Conflict("the ingest of \"" + key + "\" is over");
    }
  }
}
