package dev.kemas.build;

import dev.kemas.image.Layer;
import dev.kemas.metadata.Owner;
import dev.kemas.metadata.RecordStore;
import dev.kemas.metadata.Records;
import dev.kemas.metadata.Resource;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.SnapshotName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** {@link CacheIndex} in the engine's records. Reads come from memory. */
public final class RecordedCache implements CacheIndex {
  private static final String COLLECTION = "build-cache";

  /**
   * An entry as it is written, under its key without the algorithm.
   *
   * @param layer empty when the operation left the file system as it was
   */
  record Remembered(Optional<Layer> layer, Instant created) {}

  /** How often an entry was found, and when last. */
  private record Use(Instant last, long count) {
    Use and(Use later) {
      return new Use(later.last, count + later.count);
    }
  }

  private final Records<Remembered> records;
  private final Map<String, Use> uses = new ConcurrentHashMap<>();

  /** The cache in this store. */
  public RecordedCache(RecordStore store) {
    this.records = store.records(COLLECTION, Remembered.class);
  }

  @Override
  public Optional<Entry> find(Digest key) {
    Optional<Remembered> found = records.get(key.hex());
    if (found.isPresent()) {
      uses.merge(key.hex(), new Use(Instant.now(), 1), Use::and);
    }
    return found.map(known -> new Entry(known.layer(), known.created()));
  }

  @Override
  public void put(Digest key, Entry entry) {
    records.put(key.hex(), new Remembered(entry.layer(), entry.created()));
  }

  /** What the garbage collector must leave alone for the cache's sake. */
  public List<Owner> roots() {
    List<Resource> roots = new ArrayList<>();
    for (Remembered remembered : records.all()) {
      remembered
          .layer()
          .ifPresent(layer -> {
            roots.add(Resource.snapshot(SnapshotName.of(layer.chainId()).value()));
            roots.add(Resource.blob(layer.blob().digest()));
          });
    }
    return List.of(new Owner("build cache", roots));
  }

  /**
   * An entry as people see it.
   *
   * @param layer empty when the operation left the file system as it was
   * @param created when the operation was done
   * @param lastUsed when the entry was found last since this process began, else {@code created}
   * @param uses how often it was found since this process began
   */
  public record Known(
      Digest key, Optional<Layer> layer, Instant created, Instant lastUsed, long uses) {}

  /** All entries, in no order. */
  public List<Known> known() {
    List<Known> known = new ArrayList<>();
    records
        .entries()
        .forEach((key, entry) -> {
          Use use = uses.getOrDefault(key, new Use(entry.created(), 0));
          known.add(
              new Known(
                  new Digest("sha256", key),
                  entry.layer(),
                  entry.created(),
                  use.last(),
                  use.count()));
        });
    return List.copyOf(known);
  }

  /** What is remembered. */
  public record Summary(long entries, long bytes) {}

  /** How much is remembered, each layer counted once. */
  public Summary summary() {
    Map<String, Remembered> all = records.entries();
    long bytes =
        all.values().stream()
            .flatMap(remembered -> remembered.layer().stream())
            .distinct()
            .mapToLong(Layer::size)
            .sum();
    return new Summary(all.size(), bytes);
  }

  /**
   * Forgets what was remembered before this instant; the garbage collector may then remove the
   * layers that no image has.
   *
   * @return the keys of the entries
   */
  public List<Digest> forget(Instant before) {
    List<Digest> forgotten = new ArrayList<>();
    for (Map.Entry<String, Remembered> entry : records.entries().entrySet()) {
      if (entry.getValue().created().isBefore(before)) {
        records.remove(entry.getKey());
        uses.remove(entry.getKey());
        forgotten.add(new Digest("sha256", entry.getKey()));
      }
    }
    return forgotten;
  }
}
