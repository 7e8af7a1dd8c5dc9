package dev.kemas.engine;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.kemas.metadata.RecordStore;
import dev.kemas.metadata.Records;
import dev.kemas.network.NetworkRecords;
import java.util.List;

/** The network's records, kept beside all others. Thread-safe. */
public final class StoredNetworkRecords implements NetworkRecords {
  private final Records<Body> records;

  /** A record as it is stored. */
  record Body(String kind, String id, String body) {
    @JsonIgnore
    Entry entry() {
      return new Entry(kind, id, body);
    }
  }

  /** Those of one store. */
  public StoredNetworkRecords(RecordStore store) {
    this.records = store.records("network", Body.class);
  }

  @Override
  public void put(Entry entry) {
    records.put(key(entry.kind(), entry.id()), new Body(entry.kind(), entry.id(), entry.body()));
  }

  @Override
  public void delete(String kind, String id) {
    records.remove(key(kind, id));
  }

  @Override
  public List<Entry> all() {
    return records.all().stream().map(Body::entry).toList();
  }

  private static String key(String kind, String id) {
    return kind + "/" + id;
  }
}
