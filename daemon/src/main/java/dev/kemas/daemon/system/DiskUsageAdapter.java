package dev.kemas.daemon.system;

import dev.kemas.api.ContainerSummary;
import dev.kemas.api.DiskUsage;
import dev.kemas.api.ImageSummary;
import dev.kemas.api.Timestamps;
import dev.kemas.api.VolumeRecord;
import dev.kemas.api.server.DiskUsageBackend;
import dev.kemas.bootstrap.Bootstrap;
import dev.kemas.build.RecordedCache;
import dev.kemas.daemon.image.ImageRecords;
import dev.kemas.engine.DiskUse;
import dev.kemas.image.ImageUse;
import dev.kemas.image.Layer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What the disk is used for. */
public final class DiskUsageAdapter implements DiskUsageBackend {
  private final DiskUse disk;
  private final ImageUse containersOf;
  private final RecordedCache cache;
  private final Bootstrap bootstrap;
  private final Supplier<List<ContainerSummary>> containers;
  private final Supplier<List<VolumeRecord>> volumes;

  /**
   * @param containers all, with what they take on the disk
   * @param volumes all, with what they take on the disk
   */
  public DiskUsageAdapter(
      DiskUse disk,
      ImageUse containersOf,
      RecordedCache cache,
      Bootstrap bootstrap,
      Supplier<List<ContainerSummary>> containers,
      Supplier<List<VolumeRecord>> volumes) {
    this.disk = disk;
    this.containersOf = containersOf;
    this.cache = cache;
    this.bootstrap = bootstrap;
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
      List<RecordedCache.Known> known = cache.known();
      DiskUse.ImageCount count =
          disk.images(known.stream().flatMap(k -> k.layer().stream()).toList());
      if (counted.contains(DiskUsage.Kind.IMAGE)) {
        layers = count.total();
        images = Optional.of(count.images().stream().map(this::image).toList());
      }
      if (counted.contains(DiskUsage.Kind.BUILD_CACHE)) {
        cached = Optional.of(entries(known, count.cache()));
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

  private List<DiskUsage.BuildCacheEntry> entries(
      List<RecordedCache.Known> known, List<DiskUse.CacheUse> uses) {
    List<DiskUsage.BuildCacheEntry> entries = new ArrayList<>();
    Iterator<DiskUse.CacheUse> next = uses.iterator();
    for (RecordedCache.Known entry : known) {
      Optional<DiskUse.CacheUse> use = entry.layer().map(layer -> next.next());
      entries.add(
          new DiskUsage.BuildCacheEntry(
              entry.key().hex(),
              "regular",
              entry.layer().map(Layer::diffId).map(d -> "layer " + d).orElse("no change of files"),
              false,
              use.map(DiskUse.CacheUse::shared).orElse(false),
              use.map(DiskUse.CacheUse::bytes).orElse(0L),
              Timestamps.nano(entry.created()),
              Optional.of(Timestamps.nano(entry.lastUsed())),
              entry.uses()));
    }
    bootstrap
        .kept()
        .ifPresent(kept ->
            entries.add(
                new DiskUsage.BuildCacheEntry(
                    "bootstrap-packages",
                    "source.local",
                    "packages that base images were made of",
                    kept.inUse(),
                    false,
                    kept.bytes(),
                    Timestamps.nano(kept.since()),
                    Optional.empty(),
                    0)));
    return List.copyOf(entries);
  }
}
