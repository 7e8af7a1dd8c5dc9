package dev.kemas.content;

import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A blob being written. Bytes are hashed as they come, each once; nothing is visible under a digest
 * before {@code commit} has compared. Life cycle: {@link BlobStore#ingest}, any number of {@link
 * #write}, then one of {@code commit}, {@link #abort} or {@link #close}, which keeps the bytes for
 * a later ingest of the same key. Owned by one thread at a time.
 */
public interface Ingest extends AutoCloseable {
  /** Bytes that are read at once. */
  int PIECE = 256 * 1024;

  /** The key it was opened with. */
  String key();

  /** How many bytes are there: where to go on, in an HTTP {@code Range} for example. */
  long offset();

  /**
   * Appends all remaining bytes.
   *
   * @throws dev.kemas.fault.Fault.ResourceExhausted when the disk is full; what was written stays,
   *     and {@link #offset} tells how much that is
   */
  void write(ByteBuffer bytes);

  /**
   * Appends the stream up to its end, in large pieces; the stream is not closed.
   *
   * @return how many bytes
   * @throws IOException what reading the stream threw; the bytes before it are kept
   */
  default long writeFrom(InputStream in) throws IOException {
    byte[] piece = new byte[PIECE];
    long total = 0;
    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
      write(ByteBuffer.wrap(piece, 0, n));
      total += n;
    }
    return total;
  }

  /**
   * A stream whose bytes are appended as somebody else reads them, so that a layer is unpacked
   * while it is stored. What is skipped is appended too; closing it closes the source and leaves
   * the ingest open. Read it to its end before {@code commit}.
   */
  default InputStream tee(InputStream source) {
    return new TeeInput(source, this);
  }

  /** Drops all bytes and starts over at offset 0: the source could not resume. */
  void restart();

  /**
   * Compares size and digest and makes the blob visible. Committing a blob that is there already is
   * a success. The ingest is over, whatever happens.
   *
   * @param expectedSize bytes that must have come; empty when not known beforehand
   * @throws dev.kemas.fault.Fault.DataLoss when size or digest differ; the bytes are dropped
   */
  BlobInfo commit(OptionalLong expectedSize, Digest expected);

  /** {@link #commit(OptionalLong, Digest)} with a size that is known, as a descriptor has it. */
  default BlobInfo commit(long expectedSize, Digest expected) {
    return commit(OptionalLong.of(expectedSize), expected);
  }

  /** Makes the bytes visible under their sha256 digest, whatever it turns out to be. */
  default BlobInfo commit() {
    return commit(digest -> {});
  }

  /**
   * The same, for who has to keep the blob from a garbage collector from its first moment on.
   *
   * @param beforeVisible told the digest before there is, or is seen to be, a blob of it; when it
   *     throws, the bytes are dropped
   */
  BlobInfo commit(Consumer<Digest> beforeVisible);

  /** Drops the bytes. Nothing to do after {@code commit}. */
  void abort();

  /** Keeps the bytes for a later ingest of the same key. Nothing to do after the end. */
  @Override
  void close();
}
