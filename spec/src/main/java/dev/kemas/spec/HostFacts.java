package dev.kemas.spec;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What this machine allows, read once at start-up.
 *
 * @param capabilities names such as {@code CAP_CHOWN} that the engine itself holds: others cannot
 *     be given
 * @param seccomp whether the kernel filters system calls
 * @param cgroup2 whether the hierarchy is version 2 alone
 * @param cgroupNamespaces whether the kernel has cgroup namespaces
 * @param apparmorProfile the default profile's name, where AppArmor is on and the profile loaded
 * @param hardLimits greatest value of each resource limit that the engine can give, by {@code
 *     RLIMIT_*}; empty where it can raise them (CAP_SYS_RESOURCE)
 * @param swapLimits whether swap can be limited
 * @param architecture Go's name: {@code amd64}, {@code arm64}
 */
public record HostFacts(
    Set<String> capabilities,
    boolean seccomp,
    boolean cgroup2,
    boolean cgroupNamespaces,
    Optional<String> apparmorProfile,
    Map<String, Long> hardLimits,
    boolean swapLimits,
    String architecture) {
  public HostFacts {
    capabilities = Set.copyOf(capabilities);
    hardLimits = Map.copyOf(hardLimits);
  }
}
