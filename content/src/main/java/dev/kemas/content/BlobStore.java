package dev.kemas.content;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Blobs by digest. What is visible under a digest is whole and was verified while it was written;
 * it never changes until it is deleted. Two implementations, {@link FolderBlobStore} and {@link
 * MemoryBlobStore}, one contract suite.
 *
 * <p>All methods may be called from any thread at any time. They block on the disk, never on
 * another caller's ingest. Who needs a blob is not known here: the garbage collector asks {@link
 * #walk} and calls {@link #delete}.
 */
public interface BlobStore extends AutoCloseable {
  /** What is known of a blob; empty when it is not there. */
  Optional<BlobInfo> stat(Digest digest);

  /** Bytes that a blob takes where it is stored; 0 when it is not there. */
  default long allocated(Digest digest) {
    return stat(digest).map(BlobInfo::size).orElse(0L);
  }

  /**
   * Opens a blob; the caller closes it.
   *
   * @throws Fault.NotFound when it is not there
   */
  BlobReader open(Digest digest);

  /**
   * A small blob as a whole.
   *
   * @param most refuse to read more bytes than this: what a manifest or a configuration may take
   * @throws Fault.NotFound when it is not there
   * @throws Fault.InvalidArgument when it is larger than {@code most}
   */
  default byte[] read(Digest digest, int most) {
    try (BlobReader blob = open(digest)) {
      if (blob.size() > most) {
        throw new Fault.InvalidArgument(
            "blob "
                + digest
                + " has "
                + blob.size()
                + " bytes, more than the "
                + most
                + " allowed");
      }
      ByteBuffer all = ByteBuffer.allocate((int) blob.size());
      while (all.hasRemaining() && blob.read(all, all.position()) >= 0) {}
      return all.array();
    }
  }

  /**
   * Starts to write a blob, or goes on where an earlier ingest of the same key was closed, also by
   * the end of the process.
   *
   * @param key names the bytes to come, so that a later attempt finds them: {@code blob-sha256:...}
   *     of the digest that is expected, say. 1 to 200 characters of letters, digits and {@code . _
   *     - : @}, the first one a letter or digit
   * @throws Fault.Conflict when an ingest of this key is open; wait for it or use {@link #ingest()}
   * @throws Fault.InvalidArgument for a malformed key
   */
  Ingest ingest(String key);

  /** Starts to write a blob under a key of its own that nobody will ask for again. */
  Ingest ingest();

  /** Writes a small blob; its digest is in the result. */
  default BlobInfo put(byte[] content) {
    try (Ingest ingest = ingest()) {
      ingest.write(ByteBuffer.wrap(content));
      return ingest.commit(content.length, Digest.of(content));
    }
  }

  /**
   * Writes a blob from a stream up to its end; the stream is not closed. When the stream fails
   * nothing is kept.
   *
   * @throws IOException what reading the stream threw
   */
  default BlobInfo put(InputStream content) throws IOException {
    Ingest ingest = ingest();
    try {
      ingest.writeFrom(content);
      return ingest.commit();
    } finally {
      ingest.abort();
    }
  }

  /**
   * Writes a blob whose digest is known from a stream; see {@link #put(InputStream)}.
   *
   * @throws Fault.DataLoss when the bytes are others
   */
  default BlobInfo put(InputStream content, OptionalLong size, Digest expected) throws IOException {
    Ingest ingest = ingest();
    try {
      ingest.writeFrom(content);
      return ingest.commit(size, expected);
    } finally {
      ingest.abort();
    }
  }

  /**
   * Deletes a blob. Readers that have it open go on.
   *
   * @return false when it was not there
   */
  boolean delete(Digest digest);

  /**
   * Visits every blob, in no order. A blob that comes or goes meanwhile may or may not be visited;
   * the visitor may delete.
   */
  void walk(Consumer<BlobInfo> visitor);

  /** The ingests that were neither committed nor aborted, the open ones among them. */
  List<PartialBlob> partials();

  /**
   * Drops what ingests left behind.
   *
   * @param writtenBefore only those to which no byte was added since; open ones are always kept
   * @return what was dropped
   */
  List<PartialBlob> dropPartials(Instant writtenBefore);

  /**
   * Waits until every blob committed so far outlives a power failure. Without this a blob reaches
   * the disk soon after its commit; one that a power failure cut off is found and dropped when the
   * store is opened next, so that a damaged blob is never served.
   */
  void sync();

  /** Waits for what is under way in the background. Open readers and ingests become unusable. */
  @Override
  void close();
}
