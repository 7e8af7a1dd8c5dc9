package dev.kemas.registry.server.repository;

import dev.kemas.content.BlobInfo;
import dev.kemas.content.Ingest;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.registry.store.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Uploads of blobs (distribution-spec, "Pushing blobs"). An upload outlives its connection and the
 * server: what came stays and the client goes on behind it. A blob appears whole, when its digest
 * was compared. Thread-safe; one request at a time writes to one upload.
 */
public final class Uploads {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Storage storage;
  private final Blobs blobs;
  private final Quotas quotas;
  private final Catalog catalog;
  private final Clock clock;

  public Uploads(Storage storage, Blobs blobs, Quotas quotas, Catalog catalog, Clock clock) {
    this.storage = storage;
    this.blobs = blobs;
    this.quotas = quotas;
    this.catalog = catalog;
    this.clock = clock;
  }

  /**
   * Where a chunk belongs.
   *
   * @param first offset of its first byte
   * @param length bytes, as far as the client said
   */
  public record Chunk(OptionalLong first, OptionalLong length) {
    /** A chunk that goes behind what is there, to the end of the body. */
    public static final Chunk NEXT = new Chunk(OptionalLong.empty(), OptionalLong.empty());
  }

  /** Bytes that come from a client. */
  public interface Pieces extends AutoCloseable {
    /**
     * The next ones, when they have come; empty behind the last. They may be changed when the ones
     * after them are asked for.
     *
     * @throws IOException when the client breaks off
     */
    Optional<ByteBuffer> next() throws IOException;

    /** Gives the memory back. */
    @Override
    void close();
  }

  /** Starts one; gives its id. */
  public String start(RepositoryName name) {
    String id = UUID.randomUUID().toString();
    storage
        .records()
        .write(
            Keys.upload(name, id), clock.instant().toString().getBytes(StandardCharsets.US_ASCII));
    catalog.add(name);
    return id;
  }

  /** How many bytes of an upload are there. */
  public long offset(RepositoryName name, String id) {
    try (Ingest ingest = open(name, id)) {
      return ingest.offset();
    }
  }

  /**
   * Appends a chunk; when the stream breaks off, what came before is kept.
   *
   * @return how many bytes are there now
   * @throws Refusal {@code RANGE_INVALID} when the chunk does not begin where the bytes end
   * @throws IOException what reading the stream threw
   */
  public long append(RepositoryName name, String id, Chunk chunk, Pieces in) throws IOException {
    try (Ingest ingest = open(name, id)) {
      append(name, ingest, chunk, in);
      return ingest.offset();
    }
  }

  /**
   * Appends the last bytes and makes the blob visible in this repository.
   *
   * @throws Refusal {@code DIGEST_INVALID} when the bytes are others; the upload is over then
   */
  public BlobInfo finish(RepositoryName name, String id, Chunk chunk, Pieces in, Digest expected)
      throws IOException {
    try (Ingest ingest = open(name, id)) {
      append(name, ingest, chunk, in);
      BlobInfo blob;
      try {
        blob = commit(ingest, expected);
      } finally {
        storage.records().delete(Keys.upload(name, id));
      }
      publish(name, blob);
      return blob;
    }
  }

  /**
   * Stores a blob that comes in one piece.
   *
   * @throws Refusal {@code DIGEST_INVALID} when the bytes are others
   */
  public BlobInfo whole(RepositoryName name, Pieces in, Digest expected) throws IOException {
    Ingest ingest = storage.blobs().ingest();
    try {
      append(name, ingest, Chunk.NEXT, in);
      BlobInfo blob = commit(ingest, expected);
      publish(name, blob);
      return blob;
    } finally {
      ingest.abort();
    }
  }

  private void append(RepositoryName name, Ingest ingest, Chunk chunk, Pieces in)
      throws IOException {
    if (chunk.first().isPresent() && chunk.first().getAsLong() != ingest.offset()) {
      throw new Refusal(
          ErrorCode.RANGE_INVALID,
          "the chunk begins at byte "
              + chunk.first().getAsLong()
              + ", but the upload goes on at byte "
              + ingest.offset(),
          Map.of("offset", Long.toString(ingest.offset())));
    }
    Quotas.Room room = quotas.room(name);
    long before = ingest.offset();
    try (in) {
      for (Optional<ByteBuffer> piece = in.next(); piece.isPresent(); piece = in.next()) {
        room.check(ingest.offset() + piece.get().remaining());
        ingest.write(piece.get());
      }
    }
    long came = ingest.offset() - before;
    if (chunk.length().isPresent() && chunk.length().getAsLong() != came) {
      throw new Refusal(
          ErrorCode.BLOB_UPLOAD_INVALID,
          "the chunk has " + came + " bytes, but its range has " + chunk.length().getAsLong());
    }
  }

  private static BlobInfo commit(Ingest ingest, Digest expected) {
    try {
      return ingest.commit(OptionalLong.empty(), expected);
    } catch (Fault.DataLoss e) {
      Refusal refusal =
          new Refusal(
              ErrorCode.DIGEST_INVALID,
              "provided digest did not match uploaded content: " + e.getMessage(),
              Map.of("digest", expected.toString()));
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  private void publish(RepositoryName name, BlobInfo blob) {
    // who is told that a blob was created may forget its own copy
    storage.blobs().sync();
    blobs.link(name, blob.digest(), blob.size());
  }

  /** Drops an upload and its bytes. */
  public void cancel(RepositoryName name, String id) {
    try (Ingest ingest = open(name, id)) {
      ingest.abort();
      storage.records().delete(Keys.upload(name, id));
    }
  }

  private Ingest open(RepositoryName name, String id) {
    if (!ID.matcher(id).matches() || storage.records().read(Keys.upload(name, id)).isEmpty()) {
      throw new Refusal(
          ErrorCode.BLOB_UPLOAD_UNKNOWN, "blob upload unknown to registry", Map.of("upload", id));
    }
    try {
      return storage.blobs().ingest(id);
    } catch (Fault.Conflict e) {
      Refusal refusal =
          new Refusal(
              ErrorCode.TOOMANYREQUESTS,
              "another request is writing to upload " + id + ": wait until it has ended",
              Map.of("upload", id));
      refusal.addSuppressed(e);
      throw refusal;
    }
  }
}
