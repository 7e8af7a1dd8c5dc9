package dev.kemas.registry.server.repository;

import dev.kemas.oci.Digest;
import dev.kemas.registry.store.Records;
import dev.kemas.registry.store.Storage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many bytes of blobs a repository may have. A blob counts in each repository that has it,
 * once. The sum is counted from the links and kept for a minute, so several servers on one store
 * may together exceed a quota by what comes within that time. Thread-safe.
 */
public final class Quotas {
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final Storage storage;
  private final Clock clock;
  private final OptionalLong mostBytes;
  private final Map<RepositoryName, Sum> sums = new ConcurrentHashMap<>();

  private record Sum(Map<Digest, Long> blobs, long bytes, Instant countedAt) {}

  /**
   * @param mostBytes of each repository; empty for no limit
   */
  public Quotas(Storage storage, Clock clock, OptionalLong mostBytes) {
    this.storage = storage;
    this.clock = clock;
    this.mostBytes = mostBytes;
  }

  /** What one request may still add. */
  @FunctionalInterface
  public interface Room {
    /**
     * Refuses what is too much.
     *
     * @param bytes of the new blob, so far
     * @throws Refusal {@code DENIED} when there are too many
     */
    void check(long bytes);
  }

  Room room(RepositoryName name) {
    if (mostBytes.isEmpty()) {
      return bytes -> {};
    }
    long most = mostBytes.getAsLong();
    long used = sum(name).bytes();
    return bytes -> {
      if (used + bytes > most) {
        throw exceeded(name, used, most);
      }
    };
  }

  private static Refusal exceeded(RepositoryName name, long used, long most) {
    return new Refusal(
        ErrorCode.DENIED,
        "the quota of repository "
            + name
            + " is "
            + most
            + " bytes, and "
            + used
            + " are in use: delete manifests and blobs that are not needed, or ask the operator of"
            + " the registry for more",
        Map.of("quota", Long.toString(most), "used", Long.toString(used)));
  }

  /** As {@link #room} for a blob that is there already and is given to this repository. */
  void mounting(RepositoryName name, Digest digest, long size) {
    if (mostBytes.isPresent() && !sum(name).blobs().containsKey(digest)) {
      room(name).check(size);
    }
  }

  void added(RepositoryName name, Digest digest, long size) {
    sums.computeIfPresent(
        name,
        (n, sum) -> {
          if (sum.blobs().containsKey(digest)) {
            return sum;
          }
          Map<Digest, Long> more = new HashMap<>(sum.blobs());
          more.put(digest, size);
          return new Sum(more, sum.bytes() + size, sum.countedAt());
        });
  }

  void removed(RepositoryName name) {
    sums.remove(name);
  }

  private Sum sum(RepositoryName name) {
    Instant now = clock.instant();
    Sum known = sums.get(name);
    if (known != null && known.countedAt().plus(FRESH).isAfter(now)) {
      return known;
    }
    Map<Digest, Long> blobs = new HashMap<>();
    for (Records.Entry entry : storage.records().list(Keys.blobs(name), "", Integer.MAX_VALUE)) {
      Keys.digest(entry.name())
          .ifPresent(digest ->
              storage
                  .records()
                  .read(Keys.blob(name, digest))
                  .ifPresent(link -> blobs.put(digest, size(link))));
    }
    Sum counted = new Sum(blobs, blobs.values().stream().mapToLong(Long::longValue).sum(), now);
    sums.put(name, counted);
    return counted;
  }

  static long size(Records.Value link) {
    return Long.parseLong(new String(link.bytes(), StandardCharsets.US_ASCII));
  }
}
