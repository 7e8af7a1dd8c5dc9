package dev.kemas.metadata;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Mark and sweep: removes every resource that no root and no lease reaches.
 *
 * <p>It runs beside all other work. What keeps it safe: who makes something new of resources leases
 * them before looking whether they are there, and closes the lease after the root is recorded. The
 * collector reads leases before roots, so that what passes from one to the other is seen in at
 * least one, and removes only while nothing was leased since it marked; else it marks again.
 */
public final class Collector {
  private static final int BATCH = 16;

  private final Leases leases;
  private final List<Supplier<List<Owner>>> roots;
  private final Map<String, ResourceSpace> spaces = new HashMap<>();
  private final ReentrantLock collecting = new ReentrantLock();

  /**
   * What a collection did.
   *
   * @param removed in the order of removal
   * @param bytes freed, as far as known
   */
  public record Result(List<Resource> removed, long bytes) {
    public Result {
      removed = List.copyOf(removed);
    }
  }

  /**
   * @param roots each asked anew in every collection; they list what must stay
   * @param spaces one for each kind of resource
   */
  public Collector(Leases leases, List<Supplier<List<Owner>>> roots, List<ResourceSpace> spaces) {
    this.leases = leases;
    this.roots = List.copyOf(roots);
    spaces.forEach(s -> this.spaces.put(s.kind(), s));
  }

  /** Collects once; a second caller waits and then collects too. */
  public Result collect() {
    collecting.lock();
    try {
      List<Resource> removed = new ArrayList<>();
      long[] bytes = new long[1];
      Deque<Resource> candidates = new ArrayDeque<>();
      spaces.values().forEach(space -> space.walk(candidates::add));
      while (!candidates.isEmpty()) {
        Leases.State state = leases.state();
        Set<Resource> marked = mark(state.resources());
        candidates.removeIf(marked::contains);
        while (!candidates.isEmpty()
            && leases.ifUnchanged(state, () -> sweep(candidates, removed, bytes))) {
          Thread.onSpinWait();
        }
      }
      return new Result(removed, bytes[0]);
    } finally {
      collecting.unlock();
    }
  }

  private boolean sweep(Deque<Resource> candidates, List<Resource> removed, long[] bytes) {
    for (int i = 0; i < BATCH && !candidates.isEmpty(); i++) {
      Resource resource = candidates.remove();
      bytes[0] += space(resource).remove(resource);
      removed.add(resource);
    }
    return true;
  }

  private Set<Resource> mark(Set<Resource> leased) {
    Deque<Resource> grey = new ArrayDeque<>(leased);
    roots.forEach(r -> r.get().forEach(owner -> grey.addAll(owner.keeps())));
    return reached(grey);
  }

  private Set<Resource> reached(Deque<Resource> grey) {
    Set<Resource> marked = new HashSet<>();
    while (!grey.isEmpty()) {
      Resource resource = grey.remove();
      if (marked.add(resource)) {
        grey.addAll(space(resource).references(resource));
      }
    }
    return marked;
  }

  /**
   * Lists every resource with the names of those who keep it, roots and leases; nobody for one that
   * the next collection removes. What changes meanwhile may be missed.
   */
  public SortedMap<Resource, SortedSet<String>> owners() {
    List<Owner> all = new ArrayList<>(leases.owners());
    roots.forEach(r -> all.addAll(r.get()));
    SortedMap<Resource, SortedSet<String>> owned =
        new TreeMap<>(Comparator.comparing(Resource::kind).thenComparing(Resource::id));
    spaces.values().forEach(space -> space.walk(r -> owned.put(r, new TreeSet<>())));
    for (Owner owner : all) {
      for (Resource resource : reached(new ArrayDeque<>(owner.keeps()))) {
        SortedSet<String> names = owned.get(resource);
        if (names != null) {
          names.add(owner.name());
        }
      }
    }
    return owned;
  }

  private ResourceSpace space(Resource resource) {
    ResourceSpace space = spaces.get(resource.kind());
    if (space == null) {
      throw new IllegalStateException("no space holds resources of kind " + resource.kind());
    }
    return space;
  }
}
