package dev.kemas.build.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What shall go: a prune, or a step of the garbage collection.
 *
 * @param all whether what images share and what is the engine's own goes, too
 * @param unusedFor only what no build had for so long
 * @param filters only what one of them accepts; none: everything
 * @param limits how much may stay of what is left to choose from
 */
public record CacheRule(
    boolean all, Duration unusedFor, List<CacheFilter> filters, CacheLimits limits) {
  /** What a day-long absence cannot need: it is made again from what is elsewhere. */
  private static final CacheFilter EASILY_MADE_AGAIN =
      record ->
          record.type().equals(CacheRecord.LOCAL_SOURCE)
              || record.type().equals(CacheRecord.CACHE_MOUNT)
              || record.type().equals("source.git.checkout");

  private static final long MEGABYTE = 1_000_000L;

  public CacheRule {
    filters = List.copyOf(filters);
  }

  /** Everything that no image shares. */
  public static CacheRule everything(boolean all) {
    return new CacheRule(all, Duration.ZERO, List.of(), CacheLimits.NONE);
  }

  /**
   * The rules that hold where nobody wrote others, as Docker's: first what is easily made again,
   * then what is old, then what is too much.
   */
  public static List<CacheRule> usual(CacheLimits limits) {
    return List.of(
        new CacheRule(
            false,
            Duration.ofDays(2),
            List.of(EASILY_MADE_AGAIN),
            new CacheLimits(0, 512 * MEGABYTE, 0)),
        new CacheRule(false, Duration.ofDays(60), List.of(), limits),
        new CacheRule(false, Duration.ZERO, List.of(), limits),
        new CacheRule(true, Duration.ZERO, List.of(), limits));
  }

  /**
   * Chooses what goes, first what was used longest ago and nothing that is left is built upon.
   * Never what is in use, or what something in use is built upon.
   *
   * @param records everything that there is
   * @param now the time that {@code unusedFor} counts back from
   * @param free bytes on the disk
   */
  List<CacheRecord> choose(List<CacheRecord> records, Instant now, long free) {
    Instant youngest = now.minus(unusedFor);
    long used = records.stream().filter(this::concerns).mapToLong(CacheRule::own).sum();
    long left = used;
    long mayStay = limits.mayStay(used, free);
    Map<String, CacheRecord> byId = new HashMap<>();
    records.forEach(record -> byId.put(record.id(), record));
    Set<String> needed = neededByUse(records, byId);
    List<CacheRecord> chosen = new ArrayList<>();
    for (CacheRecord record : inOrder(records, byId)) {
      if (!limits.equals(CacheLimits.NONE) && left <= mayStay) {
        break;
      }
      if (concerns(record)
          && !needed.contains(record.id())
          && !record.lastUsed().isAfter(youngest)) {
        chosen.add(record);
        left -= own(record);
      }
    }
    return chosen;
  }

  private boolean concerns(CacheRecord record) {
    return (all || !(record.shared() || record.type().equals(CacheRecord.INTERNAL)))
        && (filters.isEmpty() || filters.stream().anyMatch(filter -> filter.accepts(record)));
  }

  static long own(CacheRecord record) {
    return record.shared() ? 0 : record.bytes();
  }

  private static Set<String> neededByUse(List<CacheRecord> records, Map<String, CacheRecord> byId) {
    Set<String> needed = new HashSet<>();
    records.stream().filter(CacheRecord::inUse).forEach(record -> add(record, byId, needed));
    return needed;
  }

  private static void add(CacheRecord record, Map<String, CacheRecord> byId, Set<String> needed) {
    List<CacheRecord> next = new ArrayList<>(List.of(record));
    while (!next.isEmpty()) {
      CacheRecord one = next.removeLast();
      if (needed.add(one.id())) {
        one.parents().stream().filter(byId::containsKey).map(byId::get).forEach(next::add);
      }
    }
  }

  /** By the last use of each or of anything upon it; of the same time, what is on top first. */
  private static List<CacheRecord> inOrder(
      List<CacheRecord> records, Map<String, CacheRecord> byId) {
    Map<String, Instant> last = new HashMap<>();
    Map<String, Integer> height = new HashMap<>();
    for (CacheRecord record : records) {
      Set<String> seen = new HashSet<>();
      List<CacheRecord> below = new ArrayList<>(List.of(record));
      int depth = 0;
      while (!below.isEmpty()) {
        List<CacheRecord> next = new ArrayList<>();
        for (CacheRecord one : below) {
          if (seen.add(one.id())) {
            last.merge(one.id(), record.lastUsed(), (a, b) -> a.isAfter(b) ? a : b);
            height.merge(one.id(), depth, Math::max);
            one.parents().stream().filter(byId::containsKey).map(byId::get).forEach(next::add);
          }
        }
        below = next;
        depth++;
      }
    }
    return records.stream()
        .sorted(
            Comparator.comparing((CacheRecord record) -> last.get(record.id()))
                .thenComparing(record -> height.get(record.id()))
                .thenComparing(CacheRecord::id))
        .toList();
  }
}
