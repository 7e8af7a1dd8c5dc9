package dev.kemas.spec;

import static dev.kemas.spec.SpecBuilder.positive;

import dev.kemas.container.Resources;
import dev.kemas.fault.Fault;
import dev.kemas.oci.RuntimeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** Resource limits: what was asked for, in the units of cgroups(7) and getrlimit(2). */
final class Limits {
  private static final long PERIOD = 100_000;
  private static final long NANOS = 1_000_000_000;
  private static final Set<String> NAMES =
      Set.of(
          "core",
          "cpu",
          "data",
          "fsize",
          "locks",
          "memlock",
          "msgqueue",
          "nice",
          "nofile",
          "nproc",
          "rss",
          "rtprio",
          "rttime",
          "sigpending",
          "stack");

  private Limits() {}

  static RuntimeSpec.Resources resources(
      Resources asked, List<RuntimeSpec.DeviceRule> rules, HostFacts host) {
    return new RuntimeSpec.Resources(
        rules,
        memory(asked, host),
        cpu(asked),
        asked.pidsLimit().orElse(0) > 0
            ? Optional.of(new RuntimeSpec.Pids(asked.pidsLimit().getAsLong()))
            : Optional.empty(),
        blockIo(asked),
        List.of(),
        new TreeMap<>());
  }

  private static Optional<RuntimeSpec.Memory> memory(Resources asked, HostFacts host) {
    if (asked.memory() <= 0
        && asked.memoryReservation() <= 0
        && asked.memorySwappiness().isEmpty()
        && asked.oomKillDisable().isEmpty()) {
      return Optional.empty();
    }
    OptionalLong swap = OptionalLong.empty();
    if (asked.memory() > 0 && host.swapLimits()) {
      // Docker's rule: unset means as much swap as memory
      swap = OptionalLong.of(asked.memorySwap() == 0 ? 2 * asked.memory() : asked.memorySwap());
    }
    boolean swappiness = asked.memorySwappiness().orElse(-1) >= 0 && !host.cgroup2();
    return Optional.of(
        new RuntimeSpec.Memory(
            positive(asked.memory()),
            positive(asked.memoryReservation()),
            swap,
            swappiness ? asked.memorySwappiness() : OptionalLong.empty(),
            host.cgroup2() ? Optional.empty() : asked.oomKillDisable()));
  }

  private static Optional<RuntimeSpec.Cpu> cpu(Resources asked) {
    OptionalLong quota =
        asked.cpuQuota() != 0 ? OptionalLong.of(asked.cpuQuota()) : OptionalLong.empty();
    OptionalLong period = positive(asked.cpuPeriod());
    if (asked.nanoCpus() > 0) {
      period = OptionalLong.of(PERIOD);
      quota = OptionalLong.of(Math.multiplyExact(asked.nanoCpus(), PERIOD) / NANOS);
    }
    RuntimeSpec.Cpu cpu =
        new RuntimeSpec.Cpu(
            positive(asked.cpuShares()),
            quota,
            period,
            positive(asked.cpuRealtimeRuntime()),
            positive(asked.cpuRealtimePeriod()),
            text(asked.cpusetCpus()),
            text(asked.cpusetMems()));
    boolean unset =
        cpu.equals(
            new RuntimeSpec.Cpu(
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty()));
    return unset ? Optional.empty() : Optional.of(cpu);
  }

  private static Optional<RuntimeSpec.BlockIo> blockIo(Resources asked) {
    if (!asked.blkioWeightDevice().isEmpty()
        || !asked.blkioDeviceReadBps().isEmpty()
        || !asked.blkioDeviceWriteBps().isEmpty()
        || !asked.blkioDeviceReadIops().isEmpty()
        || !asked.blkioDeviceWriteIops().isEmpty()) {
      throw new Fault.Unsupported(
          "limits of single block devices (--device-read-bps and its like) are not supported by"
              + " this engine; use --blkio-weight");
    }
    if (asked.blkioWeight() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new RuntimeSpec.BlockIo(
            OptionalInt.of(asked.blkioWeight()),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of()));
  }

  private static Optional<String> text(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  /** A limit over what this host can give is lowered to it: never ask for more than there is. */
  static List<RuntimeSpec.Rlimit> rlimits(List<Resources.Ulimit> asked, HostFacts host) {
    List<RuntimeSpec.Rlimit> limits = new ArrayList<>();
    for (Resources.Ulimit ulimit : asked) {
      String name = ulimit.name().toLowerCase(Locale.ROOT);
      if (!NAMES.contains(name)) {
        throw new Fault.InvalidArgument("invalid ulimit type: " + ulimit.name());
      }
      long most = Long.MAX_VALUE;
      long hard = ulimit.hard() < 0 ? most : ulimit.hard();
      long soft = ulimit.soft() < 0 ? most : ulimit.soft();
      if (soft > hard) {
        throw new Fault.InvalidArgument(
            "ulimit soft limit must be less than or equal to hard limit: "
                + ulimit.soft()
                + " > "
                + ulimit.hard());
      }
      String type = "RLIMIT_" + name.toUpperCase(Locale.ROOT);
      long ceiling = host.hardLimits().getOrDefault(type, most);
      limits.add(new RuntimeSpec.Rlimit(type, Math.min(soft, ceiling), Math.min(hard, ceiling)));
    }
    return limits;
  }
}
