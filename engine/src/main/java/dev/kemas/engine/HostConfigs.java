package dev.kemas.engine;

import dev.kemas.container.HostConfig;
import dev.kemas.container.Resources;
import dev.kemas.spec.SpecBuilder;
import java.util.List;
import java.util.Optional;

/** Copies of a {@link HostConfig} with a part changed. */
final class HostConfigs {
  private HostConfigs() {}

  static HostConfig with(HostConfig host, Resources resources, long shmSize) {
    return with(host, resources, shmSize, host.restartPolicy());
  }

  static HostConfig with(HostConfig host, HostConfig.LogConfig log) {
    return with(host, host.resources(), host.shmSize(), host.restartPolicy(), log);
  }

  static HostConfig with(
      HostConfig host, Resources resources, long shmSize, HostConfig.RestartPolicy policy) {
    return with(host, resources, shmSize, policy, host.logConfig());
  }

  private static HostConfig with(
      HostConfig h,
      Resources resources,
      long shmSize,
      HostConfig.RestartPolicy policy,
      HostConfig.LogConfig log) {
    return new HostConfig(
        h.binds(),
        h.containerIdFile(),
        log,
        h.networkMode(),
        h.portBindings(),
        policy,
        h.autoRemove(),
        h.volumeDriver(),
        h.volumesFrom(),
        h.mounts(),
        h.consoleSize(),
        h.annotations(),
        h.capAdd(),
        h.capDrop(),
        h.cgroupnsMode(),
        h.dns(),
        h.dnsOptions(),
        h.dnsSearch(),
        h.extraHosts(),
        h.groupAdd(),
        h.ipcMode(),
        h.cgroup(),
        h.links(),
        h.oomScoreAdj(),
        h.pidMode(),
        h.privileged(),
        h.publishAllPorts(),
        h.readonlyRootfs(),
        h.securityOpt(),
        h.storageOpt(),
        h.tmpfs(),
        h.utsMode(),
        h.usernsMode(),
        shmSize,
        h.sysctls(),
        h.runtime(),
        h.isolation(),
        resources,
        shown(h, h.maskedPaths(), SpecBuilder.MASKED_PATHS),
        shown(h, h.readonlyPaths(), SpecBuilder.READONLY_PATHS),
        h.init());
  }

  /** A privileged container has neither list. */
  private static Optional<List<String>> shown(
      HostConfig h, Optional<List<String>> asked, List<String> usual) {
    return h.privileged() ? asked : Optional.of(asked.orElse(usual));
  }
}
