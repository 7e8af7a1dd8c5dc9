package dev.kemas.daemon.buildkit;

import dev.kemas.build.cache.BuildCache;
import dev.kemas.build.cache.CacheLimits;
import dev.kemas.build.cache.CacheRecord;
import dev.kemas.build.cache.CacheRule;
import dev.kemas.buildkit.CacheFilter;
import dev.kemas.buildkit.CacheRecords;
import java.util.List;

/** The builder's cache as BuildKit's clients see it. */
public final class CacheAdapter implements CacheRecords {
  private final BuildCache cache;

  /** All that the builder keeps. */
  public CacheAdapter(BuildCache cache) {
    this.cache = cache;
  }

  @Override
  public List<Kept> all() {
    return cache.records().stream().map(CacheAdapter::kept).toList();
  }

  @Override
  public List<Kept> prune(Pruning pruning) {
    CacheRule rule =
        new CacheRule(
            pruning.all(),
            pruning.unusedFor(),
            List.of(record -> CacheFilter.accepts(pruning.filters(), kept(record))),
            new CacheLimits(pruning.reserved(), pruning.maxUsed(), pruning.minFree()));
    return cache.prune(rule).records().stream().map(CacheAdapter::kept).toList();
  }

  private static Kept kept(CacheRecord record) {
    return new Kept(
        record.id(),
        record.type(),
        record.description(),
        record.bytes(),
        record.created(),
        record.lastUsed(),
        record.uses(),
        record.inUse(),
        record.shared(),
        record.parents());
  }
}
