package dev.kemas.engine;

import dev.kemas.cgroup.Cgroups;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Capabilities;
import dev.kemas.linux.Machine;
import dev.kemas.linux.ResourceLimits;
import dev.kemas.spec.HostFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what this machine allows; a few milliseconds, to be done once. */
public final class HostFactsReader {
  /** Profiles that other engines load; ours would be the same. */
  private static final List<String> PROFILES = List.of("kemas-default", "docker-default");

  private HostFactsReader() {}

  /** Looks. */
  public static HostFacts read() {
    Cgroups cgroups = Cgroups.detect();
    Set<String> capabilities = Capabilities.effective();
    return new HostFacts(
        capabilities,
        Files.exists(Path.of("/proc/sys/kernel/seccomp/actions_avail")),
        cgroups.layout() == Cgroups.Layout.V2,
        Files.exists(Path.of("/proc/self/ns/cgroup")),
        apparmorProfile(),
        capabilities.contains("CAP_SYS_RESOURCE") ? Map.of() : hardLimits(),
        swapLimits(cgroups),
        Machine.look().hardware().equals("aarch64") ? "arm64" : "amd64");
  }

  private static Map<String, Long> hardLimits() {
    Map<String, Long> limits = new HashMap<>();
    ResourceLimits.all()
        .forEach((name, limit) -> {
          if (limit.hard() >= 0) {
            limits.put(name, limit.hard());
          }
        });
    return limits;
  }

  /**
   * Version 1 shows a file for it, version 2 has it in every cgroup but the root (cgroup-v2.rst).
   */
  private static boolean swapLimits(Cgroups cgroups) {
    Optional<Path> memory = cgroups.version1("memory");
    if (memory.isPresent()) {
      return Files.exists(memory.get().resolve("memory.memsw.limit_in_bytes"));
    }
    return cgroups.unifiedControllers().contains("memory") && Files.exists(Path.of("/proc/swaps"));
  }

  private static Optional<String> apparmorProfile() {
    Path enabled = Path.of("/sys/module/apparmor/parameters/enabled");
    Path profiles = Path.of("/sys/kernel/security/apparmor/profiles");
    if (!Files.exists(enabled) || !Files.exists(profiles)) {
      return Optional.empty();
    }
    try {
      if (!Files.readString(enabled).startsWith("Y")) {
        return Optional.empty();
      }
      List<String> loaded = Files.readAllLines(profiles);
      return PROFILES.stream()
          .filter(name -> loaded.stream().anyMatch(line -> line.startsWith(name + " (")))
          .findFirst();
    } catch (IOException e) {
      throw new Fault.Internal("cannot read the state of AppArmor: " + e.getMessage(), e);
    }
  }
}
