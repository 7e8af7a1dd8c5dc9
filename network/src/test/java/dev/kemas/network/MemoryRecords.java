package dev.kemas.network;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Records that outlive the {@link Networks} that wrote them, as a database does. */
final class MemoryRecords implements NetworkRecords {
  private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();

  @Override
  public void put(Entry entry) {
    entries.put(entry.kind() + "/" + entry.id(), entry);
  }

  @Override
  public void delete(String kind, String id) {
    entries.remove(kind + "/" + id);
  }

  @Override
  public List<Entry> all() {
    return List.copyOf(entries.values());
  }

  List<String> ids(String kind) {
    return entries.values().stream().filter(e -> e.kind().equals(kind)).map(Entry::id).toList();
  }
}
