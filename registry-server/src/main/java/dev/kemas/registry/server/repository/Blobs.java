package dev.kemas.registry.server.repository;

import dev.kemas.content.BlobInfo;
import dev.kemas.content.BlobReader;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.registry.store.Records;
import dev.kemas.registry.store.Storage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The blobs of repositories. The bytes lie once in the store; a repository has a link to each blob
 * that was pushed or mounted into it, and who may read one repository sees its links only.
 * Thread-safe.
 */
public final class Blobs {
  private final Storage storage;
  private final Quotas quotas;
  private final Catalog catalog;
  private final Clock clock;
  private final Duration renewal;
  private final Collection collection = new Collection();

  /**
   * @param renewal how old a link may grow before somebody who asks for the blob renews it. Far
   *     below the time for which the garbage collector spares a link: a client that was told of a
   *     blob has that time to push a manifest with it
   */
  public Blobs(Storage storage, Quotas quotas, Catalog catalog, Clock clock, Duration renewal) {
    this.storage = storage;
    this.quotas = quotas;
    this.catalog = catalog;
    this.clock = clock;
    this.renewal = renewal;
  }

  /** What is known of a blob that this repository has. */
  public Optional<BlobInfo> stat(RepositoryName name, Digest digest) {
    Optional<Records.Value> link = storage.records().read(Keys.blob(name, digest));
    if (link.isEmpty()) {
      return Optional.empty();
    }
    Optional<BlobInfo> blob = storage.blobs().stat(digest);
    blob.ifPresent(found -> renew(name, found, link.get()));
    return blob;
  }

  private void renew(RepositoryName name, BlobInfo blob, Records.Value link) {
    if (link.writtenAt().plus(renewal).isBefore(clock.instant())) {
      link(name, blob.digest(), blob.size());
    }
  }

  /**
   * Opens a blob of this repository; the caller closes it.
   *
   * @throws Refusal {@code BLOB_UNKNOWN}
   */
  public BlobReader open(RepositoryName name, Digest digest) {
    Records.Value link =
        storage.records().read(Keys.blob(name, digest)).orElseThrow(() -> unknown(name, digest));
    try {
      BlobReader blob = storage.blobs().open(digest);
      renew(name, new BlobInfo(digest, blob.size(), link.writtenAt()), link);
      return blob;
    } catch (Fault.NotFound e) {
      Refusal refusal = unknown(name, digest);
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  /** Makes a blob of the store one of this repository. */
  void link(RepositoryName name, Digest digest, long size) {
    byte[] link = Long.toString(size).getBytes(StandardCharsets.US_ASCII);
    collection.linking(digest, () -> storage.records().write(Keys.blob(name, digest), link));
    catalog.add(name);
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

  /** A blob of another registry has come into the store. */
  public void keep(RepositoryName name, BlobInfo blob) {
    link(name, blob.digest(), blob.size());
  }

  /**
   * Deletes blobs, those first that were not used for longest.
   *
   * @param wanted bytes to free
   * @return bytes that were freed
   */
  public long dropLeastUsed(Catalog catalog, long wanted) {
    Map<Digest, Instant> used = new HashMap<>();
    Map<Digest, List<RepositoryName>> owners = new HashMap<>();
    catalog.each(name -> {
      for (Records.Entry entry : storage.records().list(Keys.blobs(name), "", Integer.MAX_VALUE)) {
        Keys.digest(entry.name())
            .ifPresent(digest -> {
              used.merge(
                  digest, entry.writtenAt(), (one, other) -> one.isAfter(other) ? one : other);
              owners.computeIfAbsent(digest, d -> new ArrayList<>()).add(name);
            });
      }
    });
    long freed = 0;
    for (Digest digest : used.keySet().stream().sorted(Comparator.comparing(used::get)).toList()) {
      if (freed >= wanted) {
        break;
      }
      long size = storage.blobs().stat(digest).map(BlobInfo::size).orElse(0L);
      for (RepositoryName name : owners.getOrDefault(digest, List.of())) {
        storage.records().delete(Keys.blob(name, digest));
      }
      storage.blobs().delete(digest);
      freed += size;
    }
    return freed;
  }

  /** What keeps the garbage collector from what is being linked. */
  Collection collection() {
    return collection;
  }

  /** The answer for a blob that is not there. */
  public static Refusal unknown(RepositoryName name, Digest digest) {
    return new Refusal(
        ErrorCode.BLOB_UNKNOWN,
        "blob unknown to repository " + name,
        Map.of("digest", digest.toString()));
  }
}
