package dev.kemas.buildkit;

import dev.kemas.buildkit.wire.Control;
import dev.kemas.grpc.Call;
import dev.kemas.grpc.Services;
import java.time.Duration;
import java.time.Instant;

/** What the build cache takes, and its end (BuildKit, moby.buildkit.v1.Control). */
final class CacheService {
  private static final String SERVICE = "/moby.buildkit.v1.Control/";
  private final CacheRecords cache;

  CacheService(CacheRecords cache) {
    this.cache = cache;
  }

  void addTo(Services services) {
    services
        .answer(SERVICE + "DiskUsage", Control.DiskUsageRequest.parser(), this::usage)
        .on(SERVICE + "Prune", this::prune);
  }

  private Control.DiskUsageResponse usage(Control.DiskUsageRequest request) {
    Control.DiskUsageResponse.Builder all = Control.DiskUsageResponse.newBuilder();
    Instant youngest = Instant.now().minusNanos(request.getAgeLimit());
    cache.all().stream()
        .filter(kept -> CacheFilter.accepts(request.getFilterList(), kept))
        .filter(kept -> request.getAgeLimit() == 0 || !kept.lastUsed().isAfter(youngest))
        .forEach(kept -> all.addRecord(record(kept)));
    return all.build();
  }

  private void prune(Call call) {
    Control.PruneRequest request = call.receiveOne(Control.PruneRequest.parser());
    CacheRecords.Pruning pruning =
        new CacheRecords.Pruning(
            request.getAll(),
            Duration.ofNanos(request.getKeepDuration()),
            request.getReservedSpace(),
            request.getMaxUsedSpace(),
            request.getMinFreeSpace(),
            request.getFilterList());
    cache.prune(pruning).forEach(gone -> call.send(record(gone)));
  }

  private static Control.UsageRecord record(CacheRecords.Kept kept) {
    return Control.UsageRecord.newBuilder()
        .setId(kept.id())
        .setRecordType(kept.type())
        .setDescription(kept.description())
        .setSize(kept.size())
        .setCreatedAt(Times.of(kept.created()))
        .setLastUsedAt(Times.of(kept.lastUsed()))
        .setUsageCount(kept.uses())
        .setInUse(kept.inUse())
        .setShared(kept.shared())
        .addAllParents(kept.parents())
        .build();
  }
}
