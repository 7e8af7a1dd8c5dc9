package dev.kemas.build.cache;

import dev.kemas.image.Garbage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * All that builds keep for later: lists it, removes what is asked for, keeps it within limits.
 * Thread-safe. What a running build has is never removed.
 */
public final class BuildCache {
  private final List<CacheShelf> shelves;
  private final Garbage garbage;
  private final LongSupplier free;
  private final Clock clock;
  private final ReentrantLock pruning = new ReentrantLock();

  /**
   * @param garbage removes the layers that the cache no longer names
   * @param free bytes on the disk
   */
  public BuildCache(List<CacheShelf> shelves, Garbage garbage, LongSupplier free, Clock clock) {
    this.shelves = new CopyOnWriteArrayList<>(shelves);
    this.garbage = garbage;
    this.free = free;
    this.clock = clock;
  }

  /** Puts up one shelf more. */
  public void add(CacheShelf shelf) {
    shelves.add(shelf);
  }

  /** Everything in it, in no order. */
  public List<CacheRecord> records() {
    return shelves.stream().flatMap(shelf -> shelf.records().stream()).toList();
  }

  /**
   * What went.
   *
   * @param bytes that the disk has gained
   */
  public record Pruned(List<CacheRecord> records, long bytes) {
    public Pruned {
      records = List.copyOf(records);
    }
  }

  /** Removes what a rule says. */
  public Pruned prune(CacheRule rule) {
    return prune(List.of(rule));
  }

  /** Removes what the rules say, one after the other. */
  public Pruned prune(List<CacheRule> rules) {
    pruning.lock();
    try {
      List<CacheRecord> gone = new ArrayList<>();
      List<CacheRecord> left = records();
      long room = free.getAsLong();
      long others = 0;
      for (CacheRule rule : rules) {
        List<CacheRecord> chosen = rule.choose(left, clock.instant(), room);
        if (!chosen.isEmpty()) {
          gone.addAll(chosen);
          left = left.stream().filter(record -> !chosen.contains(record)).toList();
          room += chosen.stream().mapToLong(CacheRule::own).sum();
        }
      }
      if (gone.isEmpty()) {
        return new Pruned(List.of(), 0);
      }
      Set<String> ids = gone.stream().map(CacheRecord::id).collect(Collectors.toSet());
      shelves.forEach(shelf -> shelf.drop(ids));
      for (CacheRecord record : gone) {
        others += record.type().equals(CacheRecord.STEP) ? 0 : record.bytes();
      }
      return new Pruned(gone, others + garbage.collectMeasured().bytes());
    } finally {
      pruning.unlock();
    }
  }
}
