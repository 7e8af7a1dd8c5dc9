package dev.kemas.engine;

import dev.kemas.container.Resources;
import java.util.List;
import java.util.OptionalLong;

/** What {@code update} makes of a container's limits: a field that says nothing changes nothing. */
final class LimitChanges {
  private LimitChanges() {}

  static Resources merge(Resources now, Resources asked) {
    boolean cpus = asked.nanoCpus() != 0;
    boolean quota = asked.cpuQuota() != 0 || asked.cpuPeriod() != 0;
    return new Resources(
        or(asked.cpuShares(), now.cpuShares()),
        or(asked.memory(), now.memory()),
        quota ? 0 : or(asked.nanoCpus(), now.nanoCpus()),
        or(asked.cgroupParent(), now.cgroupParent()),
        (int) or(asked.blkioWeight(), now.blkioWeight()),
        or(asked.blkioWeightDevice(), now.blkioWeightDevice()),
        or(asked.blkioDeviceReadBps(), now.blkioDeviceReadBps()),
        or(asked.blkioDeviceWriteBps(), now.blkioDeviceWriteBps()),
        or(asked.blkioDeviceReadIops(), now.blkioDeviceReadIops()),
        or(asked.blkioDeviceWriteIops(), now.blkioDeviceWriteIops()),
        cpus ? 0 : or(asked.cpuPeriod(), now.cpuPeriod()),
        cpus ? 0 : or(asked.cpuQuota(), now.cpuQuota()),
        or(asked.cpuRealtimePeriod(), now.cpuRealtimePeriod()),
        or(asked.cpuRealtimeRuntime(), now.cpuRealtimeRuntime()),
        or(asked.cpusetCpus(), now.cpusetCpus()),
        or(asked.cpusetMems(), now.cpusetMems()),
        now.devices(),
        now.deviceCgroupRules(),
        now.deviceRequests(),
        or(asked.memoryReservation(), now.memoryReservation()),
        or(asked.memorySwap(), now.memorySwap()),
        or(asked.memorySwappiness(), now.memorySwappiness()),
        asked.oomKillDisable().isPresent() ? asked.oomKillDisable() : now.oomKillDisable(),
        or(asked.pidsLimit(), now.pidsLimit()),
        or(asked.ulimits(), now.ulimits()));
  }

  private static long or(long asked, long now) {
    return asked == 0 ? now : asked;
  }

  private static String or(String asked, String now) {
    return asked.isEmpty() ? now : asked;
  }

  private static <T> List<T> or(List<T> asked, List<T> now) {
    return asked.isEmpty() ? now : asked;
  }

  private static OptionalLong or(OptionalLong asked, OptionalLong now) {
    return asked.isPresent() ? asked : now;
  }
}
