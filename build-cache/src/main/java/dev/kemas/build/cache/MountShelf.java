package dev.kemas.build.cache;

import dev.kemas.build.CacheMounts;
import java.util.List;
import java.util.Set;

/** The folders of {@code RUN --mount=type=cache}. */
public final class MountShelf implements CacheShelf {
  private final CacheMounts mounts;

  /** The shelf of these. */
  public MountShelf(CacheMounts mounts) {
    this.mounts = mounts;
  }

  @Override
  public List<CacheRecord> records() {
    return mounts.list().stream()
        .map(usage ->
            new CacheRecord(
                usage.name(),
                CacheRecord.CACHE_MOUNT,
                "cached mount " + usage.id(),
                List.of(),
                usage.bytes(),
                usage.inUse(),
                false,
                usage.created(),
                usage.lastUsed(),
                usage.uses()))
        .toList();
  }

  @Override
  public void drop(Set<String> ids) {
    mounts.remove(usage -> ids.contains(usage.name()));
  }
}
