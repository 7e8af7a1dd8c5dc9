package dev.kemas.metadata;

import dev.kemas.fault.Fault;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Changes that become visible and durable together, or not at all. Handed to the body of {@link
 * RecordStore#transact} and of no use after it; its reads see its own writes.
 */
public final class Transaction {
  private record RecordKey(Records<?> records, String key) {}

  private record NameKey(Names names, String key) {}

  /** One change, as the store writes it. */
  sealed interface Change {}

  private final Map<RecordKey, RecordChange<?>> records = new LinkedHashMap<>();
  private final Map<NameKey, NameChange> names = new LinkedHashMap<>();

  Transaction() {}

  /** A record written or removed. */
  record RecordChange<T>(Records<T> records, String key, Optional<T> value) implements Change {
    void publish() {
      records.apply(key, value);
    }
  }

  /** A name taken or given up. */
  record NameChange(Names names, String key, Optional<String> owner) implements Change {}

  /** The record of a key as this transaction sees it. */
  public <T> Optional<T> get(Records<T> from, String key) {
    RecordChange<?> change = records.get(new RecordKey(from, key));
    return change == null ? from.get(key) : change.value().map(from.type()::cast);
  }

  /** Writes a record, in place of one of the same key. */
  public <T> void put(Records<T> into, String key, T value) {
    records.put(new RecordKey(into, key), new RecordChange<>(into, key, Optional.of(value)));
  }

  /** Removes a record; nothing happens when there is none. */
  public <T> void remove(Records<T> from, String key) {
    records.put(new RecordKey(from, key), new RecordChange<>(from, key, Optional.<T>empty()));
  }

  /** Who has a name as this transaction sees it. */
  public Optional<String> owner(Names in, String name) {
    NameChange change = names.get(new NameKey(in, name));
    return change == null ? in.owner(name) : change.owner();
  }

  /**
   * Takes a name.
   *
   * @throws Fault.Conflict when somebody else has it; ask {@link #owner} first for a text of your
   *     own
   */
  public void claim(Names in, String name, String owner) {
    owner(in, name)
        .filter(present -> !present.equals(owner))
        .ifPresent(present -> {
          throw new Fault.Conflict(
              in.name() + " name " + name + " is already in use by " + present);
        });
    assign(in, name, owner);
  }

  /** Gives a name to an owner, whoever had it. */
  public void assign(Names in, String name, String owner) {
    names.put(new NameKey(in, name), new NameChange(in, name, Optional.of(owner)));
  }

  /** Gives a name up; nothing happens when nobody has it. */
  public void release(Names in, String name) {
    names.put(new NameKey(in, name), new NameChange(in, name, Optional.empty()));
  }

  Iterable<RecordChange<?>> recordChanges() {
    return records.values();
  }

  Iterable<NameChange> nameChanges() {
    return names.values();
  }

  int size() {
    return records.size() + names.size();
  }
}
