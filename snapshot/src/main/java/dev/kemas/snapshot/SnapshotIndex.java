package dev.kemas.snapshot;

import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Which snapshots there are, in memory; changed in step with the folders. Thread-safe. */
final class SnapshotIndex {
  private final Map<SnapshotName, Entry> entries = new ConcurrentHashMap<>();
  private final Map<SnapshotName, Usage> usages = new ConcurrentHashMap<>();
  private final Map<SnapshotName, Integer> children = new HashMap<>();

  /** A snapshot and the number of its folder. */
  record Entry(SnapshotInfo info, long number) {}

  SnapshotIndex(List<Entry> known) {
    known.forEach(this::put);
  }

  long highestNumber() {
    return entries.values().stream().mapToLong(Entry::number).max().orElse(0);
  }

  private void put(Entry entry) {
    entries.put(entry.info().name(), entry);
    entry.info().parent().ifPresent(p -> children.merge(p, 1, Integer::sum));
  }

  Optional<Entry> find(SnapshotName name) {
    return Optional.ofNullable(entries.get(name));
  }

  Entry require(SnapshotName name) {
    return find(name)
        .orElseThrow(
            () -> new Fault.NotFound("snapshot", name.value(), "no such snapshot: " + name));
  }

  Entry requireCommitted(SnapshotName name) {
    Entry entry = require(name);
    if (entry.info().kind() != SnapshotInfo.Kind.COMMITTED) {
      throw new Fault.NotFound(
          "snapshot", name.value(), "snapshot " + name + " is not committed: no parent for others");
    }
    return entry;
  }

  /** A committed one of this name; another kind of that name is a fault. */
  Optional<SnapshotInfo> committedAlready(SnapshotName name) {
    Optional<Entry> known = find(name);
    if (known.isPresent() && known.get().info().kind() != SnapshotInfo.Kind.COMMITTED) {
      throw taken(name);
    }
    return known.map(Entry::info);
  }

  private static Fault.Conflict taken(SnapshotName name) {
    return new Fault.Conflict("the snapshot name " + name + " is taken");
  }

  synchronized void add(SnapshotInfo info, long number, Runnable onDisk) {
    if (entries.containsKey(info.name())) {
      throw taken(info.name());
    }
    info.parent().ifPresent(this::requireCommitted);
    onDisk.run();
    put(new Entry(info, number));
  }

  synchronized SnapshotInfo addCommitted(SnapshotInfo info, long number, Runnable onDisk) {
    Optional<SnapshotInfo> known = committedAlready(info.name());
    if (known.isPresent()) {
      return known.get();
    }
    info.parent().ifPresent(this::requireCommitted);
    onDisk.run();
    put(new Entry(info, number));
    return info;
  }

  synchronized SnapshotInfo rename(Entry entry, SnapshotInfo info, Runnable onDisk) {
    Optional<SnapshotInfo> known = committedAlready(info.name());
    if (known.isPresent()) {
      return known.get();
    }
    onDisk.run();
    entries.remove(entry.info().name());
    entries.put(info.name(), new Entry(info, entry.number()));
    return info;
  }

  synchronized void remove(SnapshotName name, Consumer<Entry> onDisk) {
    Entry entry = require(name);
    if (children.getOrDefault(name, 0) > 0) {
      SnapshotName child =
          entries.values().stream()
              .map(Entry::info)
              .filter(i -> i.parent().equals(Optional.of(name)))
              .map(SnapshotInfo::name)
              .findFirst()
              .orElse(name);
      throw new Fault.Conflict(
          "cannot remove snapshot " + name + ": snapshot " + child + " lies upon it");
    }
    onDisk.accept(entry);
    entries.remove(name);
    usages.remove(name);
    entry
        .info()
        .parent()
        .ifPresent(p -> children.merge(p, -1, (a, b) -> a + b == 0 ? null : a + b));
  }

  Usage usage(Entry entry, Supplier<Usage> count) {
    return usages.computeIfAbsent(entry.info().name(), n -> count.get());
  }

  List<SnapshotInfo> childrenFirst() {
    List<SnapshotInfo> parentsFirst = new ArrayList<>();
    Set<SnapshotName> seen = new HashSet<>();
    for (Entry entry : List.copyOf(entries.values())) {
      List<SnapshotInfo> chain = new ArrayList<>();
      Optional<Entry> at = Optional.of(entry);
      while (at.isPresent() && seen.add(at.get().info().name())) {
        chain.addFirst(at.get().info());
        at = at.get().info().parent().flatMap(this::find);
      }
      parentsFirst.addAll(chain);
    }
    return parentsFirst.reversed();
  }
}
