package dev.kemas.engine;

import dev.kemas.container.HostConfig;
import dev.kemas.container.Resources;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the engine's own settings add to a request that says nothing. */
final class HostDefaults {
  private HostDefaults() {}

  static HostConfig apply(HostConfig host, EngineSettings settings) {
    List<Resources.Ulimit> ulimits = new ArrayList<>(host.resources().ulimits());
    for (Resources.Ulimit ulimit : settings.ulimits()) {
      if (ulimits.stream().noneMatch(u -> u.name().equals(ulimit.name()))) {
        ulimits.add(ulimit);
      }
    }
    Resources r = host.resources();
    Resources resources =
        new Resources(
            r.cpuShares(),
            r.memory(),
            r.nanoCpus(),
            r.cgroupParent(),
            r.blkioWeight(),
            r.blkioWeightDevice(),
            r.blkioDeviceReadBps(),
            r.blkioDeviceWriteBps(),
            r.blkioDeviceReadIops(),
            r.blkioDeviceWriteIops(),
            r.cpuPeriod(),
            r.cpuQuota(),
            r.cpuRealtimePeriod(),
            r.cpuRealtimeRuntime(),
            r.cpusetCpus(),
            r.cpusetMems(),
            r.devices(),
            r.deviceCgroupRules(),
            r.deviceRequests(),
            r.memoryReservation(),
            r.memorySwap(),
            r.memorySwappiness(),
            r.oomKillDisable(),
            r.pidsLimit(),
            ulimits);
    return HostConfigs.with(
        host, resources, host.shmSize() > 0 ? host.shmSize() : settings.shmSize());
  }

  static String hostname() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      throw new Fault.Internal("cannot read this machine's host name: " + e.getMessage(), e);
    }
  }
}
