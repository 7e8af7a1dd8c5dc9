package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.cli.command.Pairs;
import dev.kemas.flag.Flags;
import dev.kemas.flag.UsageError;
import java.util.ArrayList;
import java.util.List;

/** The part of a create request that depends on the host: HostConfig. */
final class HostSpec {
  private final Flags flags;
  private final Json.Obj host = Json.object();

  private HostSpec(Flags flags) {
    this.flags = flags;
  }

  static Json.Obj of(Flags flags, String networkMode, PublishedPorts ports, List<String> binds) {
    HostSpec spec = new HostSpec(flags);
    spec.storage(binds);
    spec.network(networkMode, ports);
    spec.limits();
    spec.security();
    spec.life();
    return spec.host;
  }

  private void storage(List<String> binds) {
    list("Binds", binds);
    Json.Arr mounts = new Json.Arr();
    for (String mount : flags.all("mount")) {
      mounts.add(MountSpec.parse(mount));
    }
    if (!mounts.items().isEmpty()) {
      host.put("Mounts", mounts);
    }
    Json.Obj tmpfs = Json.object();
    for (String spec : flags.all("tmpfs")) {
      int colon = spec.indexOf(':');
      tmpfs.put(
          colon < 0 ? spec : spec.substring(0, colon), colon < 0 ? "" : spec.substring(colon + 1));
    }
    if (!tmpfs.fields().isEmpty()) {
      host.put("Tmpfs", tmpfs);
    }
    toggle("ReadonlyRootfs", "read-only");
    text("VolumeDriver", "volume-driver");
    list("VolumesFrom", flags.all("volumes-from"));
    bytes("ShmSize", "shm-size");
    pairs("StorageOpt", "storage-opt");
  }

  private void network(String mode, PublishedPorts ports) {
    if (!mode.isEmpty()) {
      host.put("NetworkMode", mode);
    }
    if (!ports.bindings().fields().isEmpty()) {
      host.put("PortBindings", ports.bindings());
    }
    toggle("PublishAllPorts", "publish-all");
    list("Dns", flags.all("dns"));
    List<String> options = new ArrayList<>(flags.all("dns-option"));
    options.addAll(flags.all("dns-opt"));
    list("DnsOptions", options);
    list("DnsSearch", flags.all("dns-search"));
    list("Links", flags.all("link"));
    List<String> hosts = new ArrayList<>();
    for (String entry : flags.all("add-host")) {
      int sign = entry.indexOf('=') > 0 ? entry.indexOf('=') : entry.indexOf(':');
      if (sign <= 0 || sign == entry.length() - 1) {
        throw flags.invalid("add-host", entry, "bad format for add-host: \"" + entry + "\"");
      }
      hosts.add(entry.substring(0, sign) + ":" + entry.substring(sign + 1));
    }
    list("ExtraHosts", hosts);
  }

  private void limits() {
    bytes("Memory", "memory");
    bytes("MemoryReservation", "memory-reservation");
    bytes("MemorySwap", "memory-swap");
    number("MemorySwappiness", "memory-swappiness");
    number("CpuShares", "cpu-shares");
    number("CpuPeriod", "cpu-period");
    number("CpuQuota", "cpu-quota");
    number("CpuRealtimePeriod", "cpu-rt-period");
    number("CpuRealtimeRuntime", "cpu-rt-runtime");
    number("BlkioWeight", "blkio-weight");
    number("PidsLimit", "pids-limit");
    number("OomScoreAdj", "oom-score-adj");
    text("CpusetCpus", "cpuset-cpus");
    text("CpusetMems", "cpuset-mems");
    text("CgroupParent", "cgroup-parent");
    toggle("OomKillDisable", "oom-kill-disable");
    if (flags.isSet("cpus")) {
      host.put("NanoCpus", Quantities.nanoCpus(flags, flags.text("cpus")));
    }
    Json.Arr ulimits = new Json.Arr();
    for (String ulimit : flags.all("ulimit")) {
      ulimits.add(Quantities.ulimit(flags, ulimit));
    }
    if (!ulimits.items().isEmpty()) {
      host.put("Ulimits", ulimits);
    }
  }

  private void security() {
    list("CapAdd", flags.all("cap-add"));
    list("CapDrop", flags.all("cap-drop"));
    list("GroupAdd", flags.all("group-add"));
    list("DeviceCgroupRules", flags.all("device-cgroup-rule"));
    toggle("Privileged", "privileged");
    text("IpcMode", "ipc");
    text("PidMode", "pid");
    text("UTSMode", "uts");
    text("UsernsMode", "userns");
    text("CgroupnsMode", "cgroupns");
    pairs("Sysctls", "sysctl");
    DeviceSpecs.into(host, flags.all("device"), flags.all("gpus"));
    SecurityOptions.into(host, flags.all("security-opt"));
  }

  private void life() {
    toggle("AutoRemove", "rm");
    if (flags.isOn("init")) {
      host.put("Init", true);
    }
    text("Runtime", "runtime");
    pairs("Annotations", "annotation");
    if (flags.isSet("restart")) {
      Json.Obj policy = Quantities.restart(flags.text("restart"));
      if (flags.isOn("rm") && !policy.text("Name").equals("no")) {
        throw new UsageError("conflicting options: cannot specify both --restart and --rm");
      }
      host.put("RestartPolicy", policy);
    }
    if (flags.isSet("log-driver") || flags.isSet("log-opt")) {
      host.put(
          "LogConfig",
          Json.object()
              .put("Type", flags.text("log-driver"))
              .put("Config", Pairs.of(flags.all("log-opt"))));
    }
  }

  private void text(String field, String option) {
    if (!flags.text(option).isEmpty()) {
      host.put(field, flags.text(option));
    }
  }

  private void toggle(String field, String option) {
    if (flags.isOn(option)) {
      host.put(field, true);
    }
  }

  private void list(String field, List<String> values) {
    if (!values.isEmpty()) {
      host.put(field, values);
    }
  }

  private void number(String field, String option) {
    if (flags.isSet(option)) {
      host.put(field, flags.number(option));
    }
  }

  private void bytes(String field, String option) {
    if (flags.isSet(option)) {
      host.put(field, Quantities.bytes(flags, option, flags.text(option)));
    }
  }

  private void pairs(String field, String option) {
    if (!flags.all(option).isEmpty()) {
      host.put(field, Pairs.of(flags.all(option)));
    }
  }
}
