package dev.kemas.daemon.build;

import dev.kemas.bootstrap.Bootstrap;
import dev.kemas.build.cache.CacheRecord;
import dev.kemas.build.cache.CacheShelf;
import java.util.List;
import java.util.Set;

/** The packages that base images were made of. They go with {@code --all} only. */
public final class PackageShelf implements CacheShelf {
  private static final String ID = "bootstrap-packages";
  private final Bootstrap bootstrap;

  public PackageShelf(Bootstrap bootstrap) {
    this.bootstrap = bootstrap;
  }

  @Override
  public List<CacheRecord> records() {
    return bootstrap
        .kept()
        .map(kept ->
            new CacheRecord(
                ID,
                CacheRecord.INTERNAL,
                "packages that base images were made of",
                List.of(),
                kept.bytes(),
                kept.inUse(),
                false,
                kept.since(),
                kept.since(),
                0))
        .stream()
        .toList();
  }

  @Override
  public void drop(Set<String> ids) {
    if (ids.contains(ID)) {
      bootstrap.dropKept();
    }
  }
}
