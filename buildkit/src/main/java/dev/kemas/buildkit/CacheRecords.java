package dev.kemas.buildkit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The build cache as its users see it. Safe for several threads. */
public interface CacheRecords {
  /**
   * One thing that is kept.
   *
   * @param id names it
   * @param type {@code regular}, {@code source.local}, {@code exec.cachemount}, ...
   * @param size bytes
   * @param inUse whether something runs upon it
   * @param shared whether an image has it, too
   */
  record Kept(
      String id,
      String type,
      String description,
      long size,
      Instant created,
      Instant lastUsed,
      long uses,
      boolean inUse,
      boolean shared,
      List<String> parents) {
    public Kept {
      parents = List.copyOf(parents);
    }
  }

  /**
   * What shall go.
   *
   * @param all whether internal and shared things go, too
   * @param unusedFor only what was not used for so long
   * @param reserved bytes that may stay in any case
   * @param maxUsed bytes that may stay at most; 0: no bound
   * @param minFree bytes of the disk that shall be free; 0: none
   * @param filters {@code name==value}, {@code name~=expression} and so on; one must hold
   */
  record Pruning(
      boolean all,
      Duration unusedFor,
      long reserved,
      long maxUsed,
      long minFree,
      List<String> filters) {
    public Pruning {
      filters = List.copyOf(filters);
    }
  }

  /** All that is kept, in no order. */
  List<Kept> all();

  /** Drops what is not needed. Returns what went, with the bytes that its end set free. */
  List<Kept> prune(Pruning pruning);
}
