package dev.kemas.registry.server.repository;

import dev.kemas.content.BlobInfo;
import dev.kemas.oci.Digest;
import dev.kemas.registry.store.Records;
import dev.kemas.registry.store.Storage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Removes what nobody can reach, while the registry serves: links to blobs that no manifest of the
 * repository names, uploads that were left, bytes to which no repository has a link. Spared is
 * whatever is younger than the grace, because a push writes blobs first and their manifest last.
 * One collection at a time in a server; several servers may collect at once.
 */
public final class Collector {
  private final Storage storage;
  private final Catalog catalog;
  private final Collection collection;
  private final Clock clock;
  private final Ages ages;

  /**
   * What may be removed.
   *
   * @param grace age of what nobody needs
   * @param uploads age of uploads to which nothing was added
   */
  public record Ages(Duration grace, Duration uploads) {}

  /** What a collection removed. */
  public record Outcome(long links, long uploads, long blobs, long bytes) {}

  public Collector(Storage storage, Catalog catalog, Blobs blobs, Clock clock, Ages ages) {
    this.storage = storage;
    this.catalog = catalog;
    this.collection = blobs.collection();
    this.clock = clock;
    this.ages = ages;
  }

  /** Removes once what can be removed. */
  public synchronized Outcome collect() {
    collection.begin();
    try {
      Instant old = clock.instant().minus(ages.grace());
      DigestSet linked = new DigestSet();
      long[] counts = new long[4];
      catalog.each(name -> {
        counts[0] += links(name, old, linked);
        counts[1] += uploads(name);
        forgetIfEmpty(name, old);
      });
      storage.blobs().dropPartials(clock.instant().minus(ages.uploads()));
      storage
          .blobs()
          .walk(blob -> {
            if (!linked.contains(blob.digest()) && delete(blob.digest(), old)) {
              counts[2]++;
              counts[3] += blob.size();
            }
          });
      return new Outcome(counts[0], counts[1], counts[2], counts[3]);
    } finally {
      collection.end();
    }
  }

  private Records records() {
    return storage.records();
  }

  private long links(RepositoryName name, Instant old, DigestSet linked) {
    // the links first: a manifest that comes after this was preceded by its links
    List<Records.Entry> links = records().list(Keys.blobs(name), "", Integer.MAX_VALUE);
    Set<Digest> named = named(name);
    long removed = 0;
    for (Records.Entry link : links) {
      Optional<Digest> digest = Keys.digest(link.name());
      if (digest.isEmpty()) {
        continue;
      }
      boolean gone =
          !named.contains(digest.get())
              && link.writtenAt().isBefore(old)
              && collection.deleting(digest.get(), () -> unlink(name, digest.get(), old));
      if (gone) {
        removed++;
      } else {
        linked.add(digest.get());
      }
    }
    return removed;
  }

  private boolean unlink(RepositoryName name, Digest digest, Instant old) {
    String key = Keys.blob(name, digest);
    boolean isOld = records().read(key).filter(link -> link.writtenAt().isBefore(old)).isPresent();
    return isOld && records().delete(key);
  }

  /** The blobs that manifests of a repository name. */
  private Set<Digest> named(RepositoryName name) {
    Set<Digest> named = new HashSet<>();
    for (Records.Entry entry : records().list(Keys.manifests(name), "", Integer.MAX_VALUE)) {
      Keys.digest(entry.name())
          .flatMap(digest ->
              records()
                  .read(Keys.manifest(name, digest))
                  .map(record -> StoredManifest.decode(digest, record.bytes())))
          .map(m -> ManifestBody.parse(m.mediaType(), m.bytes(), m.digest()))
          .ifPresent(body -> named.addAll(body.blobs()));
    }
    return named;
  }

  private long uploads(RepositoryName name) {
    Instant old = clock.instant().minus(ages.uploads());
    long removed = 0;
    for (Records.Entry entry : records().list(Keys.uploads(name), "", Integer.MAX_VALUE)) {
      if (entry.writtenAt().isBefore(old)) {
        records().delete(Keys.upload(name, entry.name()));
        removed++;
      }
    }
    return removed;
  }

  private void forgetIfEmpty(RepositoryName name, Instant old) {
    boolean isOld =
        records()
            .read(Keys.catalog(name))
            .filter(record -> record.writtenAt().isBefore(old))
            .isPresent();
    if (isOld && isEmpty(name)) {
      catalog.remove(name);
      if (!isEmpty(name)) {
        catalog.add(name);
      }
    }
  }

  private boolean isEmpty(RepositoryName name) {
    return List.of(Keys.manifests(name), Keys.blobs(name), Keys.uploads(name)).stream()
        .allMatch(below -> records().list(below, "", 1).isEmpty());
  }

  private boolean delete(Digest digest, Instant old) {
    return collection.deleting(
        digest,
        () ->
            storage
                    .blobs()
                    .stat(digest)
                    .map(BlobInfo::touchedAt)
                    .filter(touched -> touched.isBefore(old))
                    .isPresent()
                && storage.blobs().delete(digest));
  }
}
