package dev.kemas.metadata;

import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;

/**
 * The records of one kind, each an immutable value under a key. Made by {@link
 * RecordStore#records}.
 *
 * <p>Reads come from memory, never block and see only what was committed. Each write is a
 * transaction of its own and has survived {@code kill -9} when it returns; to change several
 * records at once use {@link RecordStore#transact}.
 *
 * @param <T> a type that {@link dev.kemas.oci.Json} writes and reads back equal
 */
public final class Records<T> {
  private final RecordStore store;
  private final String name;
  private final Class<T> type;
  private final ConcurrentSkipListMap<String, T> committed = new ConcurrentSkipListMap<>();

  Records(RecordStore store, String name, Class<T> type) {
    this.store = store;
    this.name = name;
    this.type = type;
  }

  /** The name of the collection within the store. */
  public String name() {
    return name;
  }

  Class<T> type() {
    return type;
  }

  /** The record of a key. */
  public Optional<T> get(String key) {
    return Optional.ofNullable(committed.get(key));
  }

  /** All records in the order of their keys. */
  public List<T> all() {
    return List.copyOf(committed.values());
  }

  /** All keys with their records, in the order of the keys. */
  public Map<String, T> entries() {
    return Map.copyOf(committed);
  }

  /** The keys that begin with these characters, in order; at most {@code limit}. */
  public List<String> keysWithPrefix(String prefix, int limit) {
    return committed.tailMap(prefix, true).keySet().stream()
        .takeWhile(k -> k.startsWith(prefix))
        .limit(limit)
        .toList();
  }

  /** Writes a record, in place of one of the same key. */
  public void put(String key, T value) {
    store.run(tx -> tx.put(this, key, value));
  }

  /** Removes a record; nothing happens when there is none. */
  public void remove(String key) {
    store.run(tx -> tx.remove(this, key));
  }

  /**
   * Replaces a record by what the function makes of it, with no other write in between.
   *
   * @return the new record
   * @throws Fault.NotFound when there is none of that key
   */
  public T update(String key, UnaryOperator<T> change) {
    return store.transact(tx -> {
      T before =
          tx.get(this, key)
              .orElseThrow(() -> new Fault.NotFound(name, key, "no " + name + " record " + key));
      T after = change.apply(before);
      tx.put(this, key, after);
      return after;
    });
  }

  void apply(String key, Optional<T> value) {
    value.ifPresentOrElse(v -> committed.put(key, v), () -> committed.remove(key));
  }
}
