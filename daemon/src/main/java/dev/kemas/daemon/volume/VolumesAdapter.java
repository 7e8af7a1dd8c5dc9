package dev.kemas.daemon.volume;

import dev.kemas.api.Filters;
import dev.kemas.api.PruneReport;
import dev.kemas.api.Timestamps;
import dev.kemas.api.VolumeRecord;
import dev.kemas.api.VolumeRequest;
import dev.kemas.api.server.VolumesBackend;
import dev.kemas.fault.Fault;
import dev.kemas.volume.Volume;
import dev.kemas.volume.VolumeUse;
import dev.kemas.volume.Volumes;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Volumes as objects. */
public final class VolumesAdapter implements VolumesBackend {
  private static final Logger LOG = LoggerFactory.getLogger(VolumesAdapter.class);
  private final Volumes volumes;
  private final VolumeUse use;

  public VolumesAdapter(Volumes volumes, VolumeUse use) {
    this.volumes = volumes;
    this.use = use;
  }

  @Override
  public List<VolumeRecord> list(Filters filters) {
    Optional<Boolean> dangling = filters.flag("dangling");
    return volumes.list().stream()
        .filter(v -> filters.matches("name", v.name()))
        .filter(v -> filters.allows("driver", Volume.DRIVER))
        .filter(v -> filters.matchesLabels(v.labels()))
        .filter(v -> dangling.isEmpty() || dangling.get() == use.usersOf(v.name()).isEmpty())
        .map(v -> record(v, Optional.empty()))
        .toList();
  }

  /** With its size and how many containers use it, for {@code system df}. */
  public List<VolumeRecord> measured() {
    return volumes.list().stream()
        .map(v ->
            record(
                v,
                Optional.of(
                    new VolumeRecord.UsageData(
                        volumes.usage(v.name()), use.usersOf(v.name()).size()))))
        .toList();
  }

  @Override
  public VolumeRecord create(VolumeRequest request) {
    Volume volume =
        volumes.create(request.name(), request.driver(), request.driverOpts(), request.labels());
    return record(volume, Optional.empty());
  }

  @Override
  public VolumeRecord inspect(String name) {
    return record(volumes.get(name), Optional.empty());
  }

  @Override
  public void remove(String name, boolean force) {
    try {
      volumes.remove(name, use);
    } catch (Fault.NotFound e) {
      if (!force) {
        throw e;
      }
      LOG.debug("removing by force: {}", e.getMessage());
    }
  }

  @Override
  public PruneReport prune(Filters filters) {
    boolean all = filters.flag("all").orElse(false);
    Volumes.Pruned pruned =
        volumes.prune(v -> (all || v.isAnonymous()) && filters.matchesLabels(v.labels()), use);
    return PruneReport.volumes(pruned.names(), pruned.bytes());
  }

  private static VolumeRecord record(Volume volume, Optional<VolumeRecord.UsageData> usage) {
    return new VolumeRecord(
        Timestamps.nano(volume.created()),
        Volume.DRIVER,
        volume.labels(),
        volume.mountpoint().toString(),
        volume.name(),
        volume.options(),
        "local",
        usage);
  }
}
