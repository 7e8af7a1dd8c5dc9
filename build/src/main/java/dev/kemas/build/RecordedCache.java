package dev.kemas.build;

import dev.kemas.image.Layer;
import dev.kemas.metadata.Owner;
import dev.kemas.metadata.RecordStore;
import dev.kemas.metadata.Records;
import dev.kemas.metadata.Resource;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.SnapshotName;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@link CacheIndex} in the engine's records. Reads come from memory; who used what is kept in
 * memory too until {@link #flush}, so a hit writes nothing.
 */
public final class RecordedCache implements CacheIndex {
  private static final String COLLECTION = "build-cache";
  private static final String USES = "build-cache-use";

  /**
   * An entry as it is written, under its key without the algorithm.
   *
   * @param layer empty when the operation left the file system as it was
   * @param same see {@link CacheIndex.Entry#same}
   */
  record Remembered(Optional<Layer> layer, Instant created, Optional<Digest> same) {}

  /**
   * How often an entry was of use, and when last, as it is written beside it.
   *
   * @param text the instruction that used it last
   * @param parent the chain id of what it was done upon; empty for nothing
   */
  record Use(Instant last, long count, String text, Optional<Digest> parent) {
    Use after(Use earlier) {
      return new Use(last, count + earlier.count, text, parent);
    }
  }

  private final RecordStore store;
  private final Records<Remembered> records;
  private final Records<Use> uses;
  private final Clock clock;
  private final Map<String, Use> unwritten = new HashMap<>();

  /** The cache in this store. */
  public RecordedCache(RecordStore store) {
    this(store, Clock.systemUTC());
  }

  /** The same by another clock. */
  public RecordedCache(RecordStore store, Clock clock) {
    this.store = store;
    this.records = store.records(COLLECTION, Remembered.class);
    this.uses = store.records(USES, Use.class);
    this.clock = clock;
  }

  @Override
  public Optional<Entry> find(Digest key) {
    return records
        .get(key.hex())
        .map(known -> new Entry(known.layer(), known.created(), known.same()));
  }

  @Override
  public void put(Digest key, Entry entry) {
    records.put(key.hex(), new Remembered(entry.layer(), entry.created(), entry.same()));
  }

  @Override
  public void used(Digest key, String text, Optional<Digest> parent) {
    Use use = new Use(clock.instant(), 1, text, parent);
    synchronized (unwritten) {
      unwritten.merge(key.hex(), use, (earlier, later) -> later.after(earlier));
    }
  }

  /**
   * Writes down who used what since the last time.
   *
   * @return whether anybody used anything; if not, nothing is written
   */
  public boolean flush() {
    Map<String, Use> pending;
    synchronized (unwritten) {
      pending = new HashMap<>(unwritten);
      unwritten.clear();
    }
    if (pending.isEmpty()) {
      return false;
    }
    store.run(tx ->
        pending.forEach((key, use) -> {
          if (tx.get(records, key).isPresent()) {
            tx.put(uses, key, tx.get(uses, key).map(use::after).orElse(use));
          }
        }));
    return true;
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
   * @param lastUsed when a build had it last, {@code created} where that is not known
   * @param uses how many builds had it, the one that made it included
   * @param text the instruction; empty where it is not known
   * @param parent the chain id of what it was done upon
   */
  public record Known(
      Digest key,
      Optional<Layer> layer,
      Instant created,
      Instant lastUsed,
      long uses,
      String text,
      Optional<Digest> parent) {}

  /** All entries, in no order. */
  public List<Known> known() {
    flush();
    List<Known> known = new ArrayList<>();
    records
        .entries()
        .forEach((key, entry) -> {
          Use use = uses.get(key).orElse(new Use(entry.created(), 0, "", Optional.empty()));
          known.add(
              new Known(
                  new Digest("sha256", key),
                  entry.layer(),
                  entry.created(),
                  use.last(),
                  use.count(),
                  use.text(),
                  use.parent()));
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
   * Forgets these entries, all at once; the garbage collector may then remove the layers that no
   * image has.
   *
   * @param keys without their algorithm, as {@link Digest#hex} has them
   */
  public void forget(Collection<String> keys) {
    synchronized (unwritten) {
      keys.forEach(unwritten::remove);
    }
    store.run(tx -> {
      for (String key : keys) {
        tx.remove(records, key);
        tx.remove(uses, key);
      }
    });
  }
}
