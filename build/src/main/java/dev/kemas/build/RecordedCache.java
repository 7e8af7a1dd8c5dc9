package dev.kemas.build;

import dev.kemas.image.Layer;
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

/** {@link CacheIndex} in the engine's records. Reads come from memory. */
public final class RecordedCache implements CacheIndex {
  private static final String COLLECTION = "build-cache";

  /**
   * An entry as it is written, under its key without the algorithm.
   *
   * @param layer empty when the operation left the file system as it was
   */
  record Remembered(Optional<Layer> layer, Instant created) {}

  private final Records<Remembered> records;

  /** The cache in this store. */
  public RecordedCache(RecordStore store) {
    this.records = store.records(COLLECTION, Remembered.class);
  }

  @Override
  public Optional<Entry> find(Digest key) {
    return records.get(key.hex()).map(found -> new Entry(found.layer(), found.created()));
  }

  @Override
  public void put(Digest key, Entry entry) {
    records.put(key.hex(), new Remembered(entry.layer(), entry.created()));
  }

  /** What the garbage collector must leave alone for the cache's sake. */
  public List<Resource> roots() {
    List<Resource> roots = new ArrayList<>();
    for (Remembered remembered : records.all()) {
      remembered
          .layer()
          .ifPresent(layer -> {
            roots.add(Resource.snapshot(SnapshotName.of(layer.chainId()).value()));
            roots.add(Resource.blob(layer.blob().digest()));
          });
    }
    return roots;
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
   * @return how many entries
   */
  public int forget(Instant before) {
    int forgotten = 0;
    for (Map.Entry<String, Remembered> entry : records.entries().entrySet()) {
      if (entry.getValue().created().isBefore(before)) {
        records.remove(entry.getKey());
        forgotten++;
      }
    }
    return forgotten;
  }
}
