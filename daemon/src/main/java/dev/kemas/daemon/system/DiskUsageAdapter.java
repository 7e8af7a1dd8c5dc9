package dev.kemas.daemon.system;

import dev.kemas.api.ContainerSummary;
import dev.kemas.api.DiskUsage;
import dev.kemas.api.ImageSummary;
import dev.kemas.api.Timestamps;
import dev.kemas.api.VolumeRecord;
import dev.kemas.api.server.DiskUsageBackend;
import dev.kemas.build.RecordedCache;
import dev.kemas.build.cache.BuildCache;
import dev.kemas.build.cache.CacheRecord;
import dev.kemas.daemon.image.ImageRecords;
import dev.kemas.engine.DiskUse;
import dev.kemas.image.ImageUse;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What the disk is used for. */
public final class DiskUsageAdapter implements DiskUsageBackend {
  private final DiskUse disk;
  private final ImageUse containersOf;
  private final RecordedCache steps;
  private final BuildCache cache;
  private final Supplier<List<ContainerSummary>> containers;
  private final Supplier<List<VolumeRecord>> volumes;

  /**
   * @param containers all, with what they take on the disk
   * @param volumes all, with what they take on the disk
   */
  public DiskUsageAdapter(
      DiskUse disk,
      ImageUse containersOf,
      RecordedCache steps,
      BuildCache cache,
      Supplier<List<ContainerSummary>> containers,
      Supplier<List<VolumeRecord>> volumes) {
    this.disk = disk;
    this.containersOf = containersOf;
    this.steps = steps;
    this.cache = cache;
    this.containers = containers;
    this.volumes = volumes;
  }

  @Override
  public DiskUsage usage(Set<DiskUsage.Kind> kinds) {
    long layers = 0;
    Optional<List<ImageSummary>> images = Optional.empty();
    Optional<List<DiskUsage.BuildCacheEntry>> cached = Optional.empty();
    Set<DiskUsage.Kind> counted = EnumSet.of(DiskUsage.Kind.IMAGE, DiskUsage.Kind.BUILD_CACHE);
    counted.retainAll(kinds);
    if (!counted.isEmpty()) {
      DiskUse.ImageCount count =
          disk.images(steps.known().stream().flatMap(k -> k.layer().stream()).toList());
      if (counted.contains(DiskUsage.Kind.IMAGE)) {
        layers = count.total();
        images = Optional.of(count.images().stream().map(this::image).toList());
      }
      if (counted.contains(DiskUsage.Kind.BUILD_CACHE)) {
        cached = Optional.of(cache.records().stream().map(DiskUsageAdapter::entry).toList());
      }
    }
    return new DiskUsage(
        layers,
        images,
        kinds.contains(DiskUsage.Kind.CONTAINER) ? Optional.of(containers.get()) : Optional.empty(),
        kinds.contains(DiskUsage.Kind.VOLUME) ? Optional.of(volumes.get()) : Optional.empty(),
        cached);
  }

  private ImageSummary image(DiskUse.ImageUse use) {
    return ImageRecords.summary(use.image(), containersOf.usersOf(use.image().id()).size())
        .withSizes(use.bytes(), use.shared());
  }

  private static DiskUsage.BuildCacheEntry entry(CacheRecord record) {
    return new DiskUsage.BuildCacheEntry(
        record.id(),
        record.parents().isEmpty() ? Optional.empty() : Optional.of(record.parents()),
        record.type(),
        record.description(),
        record.inUse(),
        record.shared(),
        record.bytes(),
        Timestamps.nano(record.created()),
        Optional.of(Timestamps.nano(record.lastUsed())),
        record.uses());
  }
}
