package dev.kemas.registry.store;

import dev.kemas.content.BlobInfo;
import dev.kemas.content.BlobReader;
import dev.kemas.content.BlobStore;
import dev.kemas.content.Ingest;
import dev.kemas.content.PartialBlob;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Blobs as objects. The bytes of an ingest are objects of their own, named by their offset, so any
 * server sees how far it came; at the commit the store puts them together under the digest, which
 * becomes visible at once.
 */
final class S3BlobStore implements BlobStore {
  static final String BLOBS = "content/blobs/";
  static final String INGEST = "content/ingest/";
  private static final String ONCE = "once-";

  private static final int KEPT = 256;

  private record Kept(long offset, MessageDigest hash) {}

  private final S3Client s3;
  private final Clock clock;
  private final Duration renewal;
  private final PartBuffers buffers = new PartBuffers();
  private final Set<String> open = ConcurrentHashMap.newKeySet();
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();

  /**
   * @param renewal a blob that is committed again is only written again when it has this age
   */
  S3BlobStore(S3Client s3, Clock clock, Duration renewal) {
    this.s3 = s3;
    this.clock = clock;
    this.renewal = renewal;
  }

  static String name(Digest digest) {
    return BLOBS + digest.algorithm() + "/" + digest.hex();
  }

  S3Client s3() {
    return s3;
  }

  PartBuffers buffers() {
    return buffers;
  }

  @Override
  public Optional<BlobInfo> stat(Digest digest) {
    return s3.head(name(digest))
        .map(found -> new BlobInfo(digest, found.size(), found.writtenAt()));
  }

  @Override
  public BlobReader open(Digest digest) {
    BlobInfo found =
        stat(digest)
            .orElseThrow(
                () -> new Fault.NotFound("blob", digest.toString(), "no such blob: " + digest));
    return new S3Reader(s3, name(digest), digest, found.size());
  }

  @Override
  public Ingest ingest(String key) {
    if (!open.add(key)) {
      throw new Fault.Conflict("an ingest of \"" + key + "\" is under way already");
    }
    boolean done = false;
    try {
      List<S3Ingest.Piece> pieces = pieces(key);
      long offset = pieces.isEmpty() ? 0 : pieces.getLast().end();
      Kept state = kept.remove(key);
      Optional<MessageDigest> hash =
          offset == 0
              ? Optional.of(Digest.sha256Hasher())
              : Optional.ofNullable(state).filter(s -> s.offset() == offset).map(Kept::hash);
      done = true;
      return new S3Ingest(this, key, pieces, hash);
    } finally {
      if (!done) {
        open.remove(key);
      }
    }
  }

  /** What is there without a gap; bytes behind a gap belong to a write that was cut. */
  private List<S3Ingest.Piece> pieces(String key) {
    List<S3Ingest.Piece> pieces = new ArrayList<>();
    String prefix = INGEST + key + "/";
    String last = "";
    long end = 0;
    while (true) {
      List<S3Client.Listed> page = s3.list(prefix, true, last, 1000);
      if (page.isEmpty()) {
        return pieces;
      }
      for (S3Client.Listed object : page) {
        long offset = Long.parseLong(object.name().substring(prefix.length()));
        if (offset == end) {
          pieces.add(new S3Ingest.Piece(object.name(), offset, object.size()));
          end += object.size();
        } else {
          s3.delete(object.name());
        }
      }
      last = page.getLast().name();
    }
  }

  @Override
  public Ingest ingest() {
    String key = ONCE + UUID.randomUUID();
    open.add(key);
    return new S3Ingest(this, key, List.of(), Optional.of(Digest.sha256Hasher()));
  }

  /** Whether the blob is there already, so lately that nobody will delete it. */
  boolean isFresh(Digest digest) {
    return stat(digest)
        .filter(blob -> blob.touchedAt().plus(renewal).isAfter(clock.instant()))
        .isPresent();
  }

  /** An ingest is over; its pieces are of no use. */
  void drop(String key, List<S3Ingest.Piece> pieces) {
    try {
      pieces.forEach(piece -> s3.delete(piece.name()));
    } finally {
      open.remove(key);
    }
  }

  /** An ingest is closed, to be resumed. */
  void keep(String key, long offset, Optional<MessageDigest> hash, List<S3Ingest.Piece> pieces) {
    if (key.startsWith(ONCE)) {
      drop(key, pieces);
      return;
    }
    if (hash.isPresent() && kept.size() < KEPT) {
      kept.put(key, new Kept(offset, hash.get()));
    }
    open.remove(key);
  }

  @Override
  public boolean delete(Digest digest) {
    if (stat(digest).isEmpty()) {
      return false;
    }
    s3.delete(name(digest));
    return true;
  }

  @Override
  public void walk(Consumer<BlobInfo> visitor) {
    all(
        BLOBS,
        object -> {
          String[] parts = object.name().substring(BLOBS.length()).split("/", 2);
          visitor.accept(
              new BlobInfo(new Digest(parts[0], parts[1]), object.size(), object.writtenAt()));
        });
  }

  private void all(String prefix, Consumer<S3Client.Listed> visitor) {
    String last = "";
    while (true) {
      List<S3Client.Listed> page = s3.list(prefix, false, last, 1000);
      if (page.isEmpty()) {
        return;
      }
      page.forEach(visitor);
      last = page.getLast().name();
    }
  }

  @Override
  public List<PartialBlob> partials() {
    Map<String, PartialBlob> found = new LinkedHashMap<>();
    all(
        INGEST,
        object -> {
          String key = object.name().substring(INGEST.length()).split("/", 2)[0];
          found.merge(
              key,
              new PartialBlob(key, object.size(), object.writtenAt(), open.contains(key)),
              (one, more) ->
                  new PartialBlob(
                      key,
                      one.size() + more.size(),
                      later(one.writtenAt(), more.writtenAt()),
                      one.open()));
        });
    return List.copyOf(found.values());
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  @Override
  public List<PartialBlob> dropPartials(Instant writtenBefore) {
    List<PartialBlob> dropped = new ArrayList<>();
    for (PartialBlob partial : partials()) {
      if (partial.writtenAt().isBefore(writtenBefore) && open.add(partial.key())) {
        kept.remove(partial.key());
        drop(partial.key(), pieces(partial.key()));
        dropped.add(partial);
      }
    }
    return dropped;
  }

  @Override
  public void sync() {
    // an S3 store answers when an object is safe
  }

  @Override
  public void close() {
    s3.close();
  }
}
