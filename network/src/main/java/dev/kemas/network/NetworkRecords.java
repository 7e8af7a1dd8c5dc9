package dev.kemas.network;

import java.util.List;

/**
 * Where this module writes down what it is about to do and what it has done. The owner of the
 * records (an embedded database) implements it; the bodies are this module's own text format and
 * nobody else reads them.
 *
 * <p>Each call is atomic and, once it returned, survives the death of the process. It need not
 * survive a power cut: namespaces, links and rules do not either. All methods may be called from
 * any thread.
 */
public interface NetworkRecords {
  /**
   * One record.
   *
   * @param kind {@code network}, {@code sandbox}, {@code spare}, {@code host}
   * @param id unique within the kind
   * @param body text of any length
   */
  record Entry(String kind, String id, String body) {}

  /** Writes the record, in place of one of the same kind and id. */
  void put(Entry entry);

  /** Removes the record; nothing happens when there is none. */
  void delete(String kind, String id);

  /** All records, in any order. */
  List<Entry> all();
}
