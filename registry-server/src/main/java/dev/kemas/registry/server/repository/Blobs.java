package dev.kemas.registry.server.repository;

import dev.kemas.content.BlobInfo;
import dev.kemas.content.BlobReader;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.registry.server.store.Records;
import dev.kemas.registry.server.store.Storage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The blobs of repositories. The bytes lie once in the store; a repository has a link to each blob
 * that was pushed or mounted into it, and who may read one repository sees its links only.
 * Thread-safe.
 */
public final class Blobs {
  /**
   * How old a link may grow before somebody who asks for the blob renews it. Far below the time for
   * which the garbage collector spares a link: a client that was told of a blob has that time to
   * push a manifest with it.
   */
  private static final Duration RENEWAL = Duration.ofMinutes(10);

  private final Storage storage;
  private final Quotas quotas;
  private final Clock clock;

  public Blobs(Storage storage, Quotas quotas, Clock clock) {
    this.storage = storage;
    this.quotas = quotas;
    this.clock = clock;
  }

  /** What is known of a blob that this repository has. */
  public Optional<BlobInfo> stat(RepositoryName name, Digest digest) {
    Optional<Records.Value> link = storage.records().read(Keys.blob(name, digest));
    if (link.isEmpty()) {
      return Optional.empty();
    }
    Optional<BlobInfo> blob = storage.blobs().stat(digest);
    if (blob.isPresent() && link.get().writtenAt().plus(RENEWAL).isBefore(clock.instant())) {
      link(name, digest, blob.get().size());
    }
    return blob;
  }

  /**
   * Opens a blob of this repository; the caller closes it.
   *
   * @throws Refusal {@code BLOB_UNKNOWN}
   */
  public BlobReader open(RepositoryName name, Digest digest) {
    if (storage.records().read(Keys.blob(name, digest)).isEmpty()) {
      throw unknown(name, digest);
    }
    try {
      return storage.blobs().open(digest);
    } catch (Fault.NotFound e) {
      Refusal refusal = unknown(name, digest);
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  /** Makes a blob of the store one of this repository. */
  void link(RepositoryName name, Digest digest, long size) {
    storage
        .records()
        .write(Keys.blob(name, digest), Long.toString(size).getBytes(StandardCharsets.US_ASCII));
    quotas.added(name, digest, size);
  }

  /**
   * Gives a repository a blob that another one has.
   *
   * @return false when the other one does not have it
   * @throws Refusal {@code DENIED} when the quota does not allow it
   */
  public boolean mount(RepositoryName name, RepositoryName from, Digest digest) {
    Optional<BlobInfo> blob = stat(from, digest);
    if (blob.isPresent()) {
      quotas.mounting(name, digest, blob.get().size());
      link(name, digest, blob.get().size());
    }
    return blob.isPresent();
  }

  /**
   * Takes a blob from a repository. Its bytes go when no repository has it any more.
   *
   * @throws Refusal {@code BLOB_UNKNOWN}
   */
  public void delete(RepositoryName name, Digest digest) {
    if (stat(name, digest).isEmpty() || !storage.records().delete(Keys.blob(name, digest))) {
      throw unknown(name, digest);
    }
    quotas.removed(name);
  }

  /** The answer for a blob that is not there. */
  public static Refusal unknown(RepositoryName name, Digest digest) {
    return new Refusal(
        ErrorCode.BLOB_UNKNOWN,
        "blob unknown to repository " + name,
        Map.of("digest", digest.toString()));
  }
}
