package dev.kemas.build.cache;

import dev.kemas.build.BuildEvent;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.CacheMounts;
import dev.kemas.build.CacheTarget;
import dev.kemas.build.Cancellation;
import dev.kemas.build.MountSource;
import dev.kemas.build.TaskProgress;
import dev.kemas.build.TravellingMount;
import dev.kemas.fault.Fault;
import dev.kemas.mount.travel.MountExport;
import dev.kemas.mount.travel.MountImport;
import dev.kemas.mount.travel.MountPlace;
import dev.kemas.mount.travel.TravelLimits;
import dev.kemas.mount.travel.TravelWatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The contents of cache mounts beside a cache, each mount under a name of its own. */
record TravellingMounts(CachePlace place, TravelLimits limits) implements MountSource {

  /**
   * Beside a cache.
   *
   * @throws Fault.Unsupported when the place has room for the cache alone
   */
  static TravellingMounts at(CachePlace place, TravelLimits limits) {
    below(place, "any");
    return new TravellingMounts(place, limits);
  }

  private static CachePlace below(CachePlace place, String key) {
    return place
        .beside("mount-" + key)
        .orElseThrow(() ->
            new Fault.Unsupported(
                "cache mounts do not travel by %s: use mounts=true with type=registry"
                    .formatted(place.name())));
  }

  /** Where a mount lies. */
  private MountPlace placeOf(TravellingMount mount, BuildRequest.Logins logins, boolean writing) {
    CachePlace own = below(place, mount.key());
    return new PlacedMount(own.name(), own.open(logins, writing));
  }

  @Override
  public String title(TravellingMount mount) {
    return "importing cache mount %s from %s".formatted(mount.id(), place.name());
  }

  @Override
  public void restore(
      TravellingMount mount,
      Path files,
      Path beside,
      BuildRequest.Logins logins,
      TaskProgress progress,
      Cancellation cancelled) {
    MountPlace from = placeOf(mount, logins, false);
    Watch watch = new Watch("fetching chunks", progress, cancelled);
    MountImport.Report report =
        MountImport.merge(files, beside, from, limits, watch)
            .orElseThrow(() ->
                new Fault.NotFound(
                    "cache mount",
                    mount.id(),
                    "there is no cache mount %s in %s".formatted(mount.id(), place.name())));
    progress.say(
        "%d of %d entries were absent here: fetched %d chunks, %d bytes"
            .formatted(report.absent(), report.entries(), report.chunks(), report.fetchedBytes()));
    warn("importing", mount, report.notes(), progress);
  }

  /**
   * Leaves those that a build used and that are on this machine. One that is too large to be
   * described is warned of.
   */
  void deliver(CacheTarget.Delivery delivery) {
    for (TravellingMount mount : delivery.mounts().used()) {
      delivery.cancelled().check();
      Optional<CacheMounts.Lease> lease = delivery.mounts().take(mount, delivery.cancelled());
      if (lease.isPresent()) {
        try (CacheMounts.Lease lent = lease.get()) {
          export(mount, lent.folder(), delivery);
        } catch (Fault.ResourceExhausted e) {
          warn("exporting", mount, List.of(e.getMessage()), delivery.progress());
        }
      }
    }
  }

  private void export(TravellingMount mount, Path files, CacheTarget.Delivery delivery) {
    TaskProgress progress = delivery.progress();
    Watch watch = new Watch("writing cache mount " + mount.id(), progress, delivery.cancelled());
    MountExport.Report report =
        MountExport.export(
            files, mount.id(), placeOf(mount, delivery.logins(), true), limits, watch);
    progress.say(
        "cache mount %s: %d entries with %d bytes in %d chunks, sent %d chunks, %d bytes"
            .formatted(
                mount.id(),
                report.entries(),
                report.bytes(),
                report.chunks(),
                report.sentChunks(),
                report.sentBytes()));
    warn("exporting", mount, report.notes(), progress);
  }

  private static void warn(
      String doing, TravellingMount mount, List<String> notes, TaskProgress progress) {
    for (String note : notes) {
      progress.event(
          new BuildEvent.Warning("%s cache mount %s: %s".formatted(doing, mount.id(), note)));
    }
  }

  /** Tells the build's progress. */
  private static final class Watch implements TravelWatch {
    private final String what;
    private final TaskProgress progress;
    private final Cancellation cancelled;
    private final AtomicLong moved = new AtomicLong();

    Watch(String what, TaskProgress progress, Cancellation cancelled) {
      this.what = what;
      this.progress = progress;
      this.cancelled = cancelled;
    }

    @Override
    public void check() {
      cancelled.check();
    }

    @Override
    public void moved(long bytes) {
      progress.part(what, moved.addAndGet(bytes), 0, false);
    }
  }
}
