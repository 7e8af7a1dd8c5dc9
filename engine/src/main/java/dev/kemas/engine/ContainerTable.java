package dev.kemas.engine;

import dev.kemas.fault.Fault;
import dev.kemas.metadata.Names;
import dev.kemas.metadata.RecordStore;
import dev.kemas.metadata.Records;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** All containers, by id and by name: in memory for whoever reads, in the store for ever. */
final class ContainerTable {
  private static final int ID = 64;
  private final RecordStore store;
  private final Records<Container> records;
  private final Names names;
  private final ConcurrentSkipListMap<String, Cell> cells = new ConcurrentSkipListMap<>();

  ContainerTable(RecordStore store) {
    this.store = store;
    this.records = store.records("container", Container.class);
    this.names = store.names("container");
    records.all().forEach(c -> cells.put(c.id(), new Cell(c)));
  }

  List<Cell> cells() {
    return List.copyOf(cells.values());
  }

  /** The latest first. */
  List<Container> all() {
    return cells.values().stream()
        .map(Cell::now)
        .sorted(Comparator.comparing(Container::created).reversed())
        .toList();
  }

  /**
   * Finds by whole id, then name, then unique beginning of an id, as Docker does.
   *
   * @throws Fault.NotFound {@code No such container: X}
   */
  Cell get(String reference) {
    String name = reference.startsWith("/") ? reference.substring(1) : reference;
    Optional<Cell> found =
        Optional.ofNullable(cells.get(name))
            .or(() -> names.owner(name).map(cells::get))
            .or(() -> byPrefix(name));
    return found.orElseThrow(
        () -> new Fault.NotFound("container", reference, "No such container: " + reference));
  }

  /** The container of a whole id, if it is there. */
  Optional<Container> find(String id) {
    return Optional.ofNullable(cells.get(id)).map(Cell::now);
  }

  private Optional<Cell> byPrefix(String prefix) {
    if (prefix.isEmpty() || prefix.length() >= ID) {
      return Optional.empty();
    }
    List<String> ids =
        cells.tailMap(prefix, true).keySet().stream()
            .takeWhile(id -> id.startsWith(prefix))
            .limit(2)
            .toList();
    if (ids.size() > 1) {
      throw new Fault.InvalidArgument(
          "Multiple IDs found with provided prefix: " + prefix + "; use more of the id");
    }
    return ids.isEmpty() ? Optional.empty() : Optional.ofNullable(cells.get(ids.getFirst()));
  }

  boolean isNameFree(String name) {
    return names.owner(name).isEmpty();
  }

  /**
   * Tells early that a name is taken, before anything is made.
   *
   * @param name empty for one that is still to be made up
   */
  void requireFree(String name) {
    requireFree(names.owner(name), name, "");
  }

  Cell add(Container container) {
    store.run(tx -> {
      requireFree(tx.owner(names, container.name()), container.name(), container.id());
      tx.claim(names, container.name(), container.id());
      tx.put(records, container.id(), container);
    });
    Cell cell = new Cell(container);
    cells.put(container.id(), cell);
    return cell;
  }

  private static void requireFree(Optional<String> owner, String name, String id) {
    owner
        .filter(o -> !o.equals(id))
        .ifPresent(o -> {
          throw new Fault.Conflict(
              "Conflict. The container name \"/"
                  + name
                  + "\" is already in use by container \""
                  + o
                  + "\". You have to remove (or rename) that container to be able to reuse"
                  + " that name.");
        });
  }

  /** Keeps a changed record; the caller holds the cell's lock. */
  void save(Cell cell, Container changed) {
    records.put(changed.id(), changed);
    cell.set(changed);
  }

  void rename(Cell cell, String name) {
    Container before = cell.now();
    Container after = before.withName(name);
    store.run(tx -> {
      requireFree(tx.owner(names, name), name, before.id());
      tx.release(names, before.name());
      tx.claim(names, name, before.id());
      tx.put(records, before.id(), after);
    });
    cell.set(after);
  }

  void remove(Cell cell) {
    Container container = cell.now();
    store.run(tx -> {
      tx.release(names, container.name());
      tx.remove(records, container.id());
    });
    cells.remove(container.id());
  }
}
