package dev.kemas.metadata;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Unique names of one kind, each with one owner; an owner may have several. Made by {@link
 * RecordStore#names}, changed in a {@link Transaction}. Reads come from memory and never block.
 */
public final class Names {
  private final String name;
  private final ConcurrentSkipListMap<String, String> committed = new ConcurrentSkipListMap<>();

  Names(String name) {
    this.name = name;
  }

  /** The name of the name space within the store. */
  public String name() {
    return name;
  }

  /** Who has the name. */
  public Optional<String> owner(String key) {
    return Optional.ofNullable(committed.get(key));
  }

  /** All names of an owner, in order. */
  public List<String> of(String owner) {
    return committed.entrySet().stream()
        .filter(e -> e.getValue().equals(owner))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** All names with their owners. */
  public Map<String, String> entries() {
    return Map.copyOf(committed);
  }

  void apply(String key, Optional<String> owner) {
    owner.ifPresentOrElse(o -> committed.put(key, o), () -> committed.remove(key));
  }
}
