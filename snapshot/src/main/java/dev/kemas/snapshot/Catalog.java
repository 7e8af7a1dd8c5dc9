package dev.kemas.snapshot;

import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The snapshots by name, in memory, as their records say. A name is claimed before work on the disk
 * begins and fulfilled or released after it, and a parent is held meanwhile, so that the work
 * itself needs no lock.
 */
final class Catalog {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();
  private final Map<SnapshotName, Node> nodes = new HashMap<>();
  private final Set<SnapshotName> claimed = new HashSet<>();

  /** How many snapshots lie upon each, and how many are being made upon it. */
  private final Map<SnapshotName, Integer> children = new HashMap<>();

  Catalog(List<Node> found) {
    for (Node node : found) {
      nodes.put(node.name(), node);
      count(node.info().parent(), 1);
    }
  }

  private void count(Optional<SnapshotName> parent, int change) {
    parent.ifPresent(p -> {
      if (children.merge(p, change, Integer::sum) == 0) {
        children.remove(p);
      }
    });
  }

  <T> T exclusively(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  Optional<Node> find(SnapshotName name) {
    return exclusively(() -> Optional.ofNullable(nodes.get(name)));
  }

  Node require(SnapshotName name) {
    return find(name)
        .orElseThrow(
            () -> new Fault.NotFound("snapshot", name.value(), "no such snapshot: " + name));
  }

  Optional<Node> committed(SnapshotName name) {
    return find(name).filter(n -> n.kind() == SnapshotInfo.Kind.COMMITTED);
  }

  private Optional<Node> requireParent(Optional<SnapshotName> parent) {
    return parent.map(name ->
        committed(name)
            .orElseThrow(() ->
                new Fault.NotFound(
                    "snapshot",
                    name.value(),
                    "no such layer: " + name + " is not a committed snapshot")));
  }

  void requireFree(SnapshotName name) {
    if (nodes.containsKey(name) || claimed.contains(name)) {
      throw new Fault.Conflict("the snapshot name " + name + " is in use");
    }
  }

  void requireChildless(SnapshotName name) {
    if (children.getOrDefault(name, 0) > 0) {
      String child =
          nodes.values().stream()
              .filter(n -> n.info().parent().filter(name::equals).isPresent())
              .map(n -> n.name().value())
              .findFirst()
              .orElse("one being made");
      throw new Fault.Conflict(
          "snapshot " + name + " cannot be removed: others lie upon it, " + child + " for one");
    }
  }

  /** Takes a name that is to be fulfilled or released, and holds the parent. */
  Optional<Node> claim(SnapshotName name, Optional<SnapshotName> parent) {
    return exclusively(() -> {
      requireFree(name);
      Optional<Node> found = requireParent(parent);
      claimed.add(name);
      count(parent, 1);
      return found;
    });
  }

  /** The claimed name stands for this snapshot now. */
  void fulfil(Node node) {
    exclusively(() -> {
      claimed.remove(node.name());
      settled.signalAll();
      return nodes.put(node.name(), node) == null;
    });
  }

  /** Nothing came of the claimed name. */
  void release(SnapshotName name, Optional<SnapshotName> parent) {
    exclusively(() -> {
      count(parent, -1);
      settled.signalAll();
      return claimed.remove(name);
    });
  }

  /** Waits while a name is claimed, then looks whether it became a layer. */
  Optional<Node> awaitCommitted(SnapshotName name) {
    return exclusively(() -> {
      while (claimed.contains(name)) {
        settled.awaitUninterruptibly();
      }
      return committed(name);
    });
  }

  /** Keeps a parent from being removed. */
  Optional<Node> hold(Optional<SnapshotName> parent) {
    return exclusively(() -> {
      Optional<Node> found = requireParent(parent);
      count(parent, 1);
      return found;
    });
  }

  /** Ends {@link #hold}. */
  void letGo(Optional<SnapshotName> parent) {
    exclusively(() -> {
      count(parent, -1);
      return parent;
    });
  }

  void removed(Node node) {
    nodes.remove(node.name());
    count(node.info().parent(), -1);
  }

  /** The same folder under another name or with another record. */
  void replaced(Node before, Node after) {
    nodes.remove(before.name());
    nodes.put(after.name(), after);
  }

  /** The layers that a snapshot lies upon, the nearest first. */
  List<Node> parents(Node node) {
    return exclusively(() -> {
      List<Node> parents = new ArrayList<>();
      Optional<SnapshotName> next = node.info().parent();
      while (next.isPresent()) {
        SnapshotName name = next.get();
        Node parent =
            committed(name)
                .orElseThrow(() ->
                    new Fault.NotFound(
                        "snapshot",
                        name.value(),
                        "the layer "
                            + name
                            + " below snapshot "
                            + node.name()
                            + " is missing: unpack its image again"));
        parents.add(parent);
        next = parent.info().parent();
      }
      return parents;
    });
  }

  /** All snapshots, each before the one it lies upon. */
  List<Node> childrenFirst() {
    return exclusively(() -> {
      Map<SnapshotName, Integer> depths = new HashMap<>();
      nodes.values().forEach(n -> depth(n, depths));
      List<Node> all = new ArrayList<>(nodes.values());
      all.sort(Comparator.comparing((Node n) -> depths.getOrDefault(n.name(), 0)).reversed());
      return all;
    });
  }

  private int depth(Node node, Map<SnapshotName, Integer> depths) {
    Integer known = depths.get(node.name());
    if (known != null) {
      return known;
    }
    Node parent = node.info().parent().map(nodes::get).orElse(null);
    int depth = parent == null ? 0 : depth(parent, depths) + 1;
    depths.put(node.name(), depth);
    return depth;
  }
}
