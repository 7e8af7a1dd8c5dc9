package dev.kemas.spec;

import dev.kemas.container.HostConfig;
import dev.kemas.container.Resources;
import dev.kemas.fault.Fault;
import dev.kemas.oci.RuntimeSpec;
import dev.kemas.spec.SpecInput.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes the runtime specification of a container with Docker's defaults: mounts, masked paths,
 * devices, capabilities, system call filter, limits. Pure and thread-safe.
 */
public final class SpecBuilder {
  /** Where the init program is bound when {@code --init} is asked for. */
  public static final String INIT_TARGET = "/sbin/docker-init";

  private static final String DEFAULT_PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final long DEFAULT_SHM = 64L * 1024 * 1024;

  /** What is hidden unless the container is privileged or says otherwise. */
  public static final List<String> MASKED_PATHS =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");

  /** What is read-only unless the container is privileged or says otherwise. */
  public static final List<String> READONLY_PATHS =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private SpecBuilder() {}

  /**
   * The specification of a container.
   *
   * @throws Fault.InvalidArgument for a security option, limit or capability that does not exist
   * @throws Fault.Forbidden for a capability that the engine itself lacks
   */
  public static RuntimeSpec build(SpecInput in) {
    HostConfig host = in.hostConfig();
    SecurityOptions security = SecurityOptions.parse(host.securityOpt());
    List<String> capabilities =
        CapabilityRules.resolve(
            host.capAdd(), host.capDrop(), host.privileged(), in.host().capabilities());
    RuntimeSpec.Process process =
        new RuntimeSpec.Process(
            in.terminal(),
            in.consoleSize(),
            in.user(),
            arguments(in),
            environment(in),
            in.cwd(),
            Optional.of(capabilitySets(capabilities, in.user())),
            Limits.rlimits(host.resources().ulimits(), in.host()),
            security.noNewPrivileges(),
            host.privileged() ? Optional.empty() : security.apparmor(in.host()),
            host.oomScoreAdj() == 0 ? OptionalInt.empty() : OptionalInt.of(host.oomScoreAdj()),
            Optional.empty());
    return new RuntimeSpec(
        RuntimeSpec.VERSION,
        Optional.of(process),
        new RuntimeSpec.Root(in.rootfs(), host.readonlyRootfs()),
        in.namespaces().uts() instanceof Source.Fresh && !in.hostname().isEmpty()
            ? Optional.of(in.hostname())
            : Optional.empty(),
        in.namespaces().uts() instanceof Source.Fresh && !in.domainname().isEmpty()
            ? Optional.of(in.domainname())
            : Optional.empty(),
        mounts(in),
        Optional.empty(),
        new TreeMap<>(in.annotations()),
        Optional.of(linux(in, security, capabilities)));
  }

  /**
   * Checks what a user asks of the host, without making anything of it; faults as {@link #build}.
   */
  public static void requireValid(HostConfig host, HostFacts facts) {
    SecurityOptions security = SecurityOptions.parse(host.securityOpt());
    List<String> capabilities =
        CapabilityRules.resolve(
            host.capAdd(), host.capDrop(), host.privileged(), facts.capabilities());
    if (facts.seccomp() && !host.privileged()) {
      security.seccomp(capabilities, facts);
    }
    Limits.rlimits(host.resources().ulimits(), facts);
    Limits.resources(host.resources(), List.of(), facts);
    Devices.of(List.of(), host);
  }

  /** The limits alone, for a container that runs. */
  public static RuntimeSpec.Resources limits(Resources resources, HostFacts facts) {
    return Limits.resources(resources, List.of(), facts);
  }

  /**
   * The capabilities of a further process in a container.
   *
   * @param privileged whether the process gets all, whatever its container has
   */
  public static RuntimeSpec.Capabilities capabilities(
      HostConfig host, boolean privileged, HostFacts facts, RuntimeSpec.User user) {
    List<String> names =
        CapabilityRules.resolve(
            host.capAdd(), host.capDrop(), privileged || host.privileged(), facts.capabilities());
    return capabilitySets(names, user);
  }

  /** Only root has them from the start; others gain them by setuid programs (capabilities(7)). */
  private static RuntimeSpec.Capabilities capabilitySets(
      List<String> names, RuntimeSpec.User user) {
    List<String> held = user.uid() == 0 ? names : List.of();
    return new RuntimeSpec.Capabilities(names, held, List.of(), held, List.of());
  }

  private static List<String> arguments(SpecInput in) {
    if (in.args().isEmpty()) {
      throw new Fault.InvalidArgument("no command specified");
    }
    if (in.initPath().isEmpty()) {
      return in.args();
    }
    List<String> args = new ArrayList<>(List.of(INIT_TARGET, "--"));
    args.addAll(in.args());
    return args;
  }

  private static List<String> environment(SpecInput in) {
    List<String> env = new ArrayList<>();
    if (!has(in.env(), "PATH")) {
      env.add(DEFAULT_PATH);
    }
    if (!in.hostname().isEmpty() && !has(in.env(), "HOSTNAME")) {
      env.add("HOSTNAME=" + in.hostname());
    }
    if (in.terminal() && !has(in.env(), "TERM")) {
      env.add("TERM=xterm");
    }
    env.addAll(in.env());
    if (!has(in.env(), "HOME")) {
      env.add("HOME=" + in.home());
    }
    return env;
  }

  private static boolean has(List<String> env, String name) {
    return env.stream().anyMatch(e -> e.startsWith(name + "="));
  }

  private static List<RuntimeSpec.Mount> mounts(SpecInput in) {
    HostConfig host = in.hostConfig();
    SortedMap<String, RuntimeSpec.Mount> byTarget =
        new TreeMap<>(
            Comparator.comparingInt(SpecBuilder::depth).thenComparing(Comparator.naturalOrder()));
    String access = host.privileged() ? "rw" : "ro";
    List<RuntimeSpec.Mount> standard =
        new ArrayList<>(
            List.of(
                RuntimeSpec.Mount.of("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
                RuntimeSpec.Mount.of(
                    "/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
                RuntimeSpec.Mount.of(
                    "/dev/pts",
                    "devpts",
                    "devpts",
                    "nosuid",
                    "noexec",
                    "newinstance",
                    "ptmxmode=0666",
                    "mode=0620",
                    "gid=5"),
                RuntimeSpec.Mount.of("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", access),
                RuntimeSpec.Mount.of(
                    "/sys/fs/cgroup", "cgroup", "cgroup", access, "nosuid", "noexec", "nodev"),
                RuntimeSpec.Mount.of(
                    "/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev")));
    if (in.namespaces().ipc() instanceof Source.Fresh) {
      long size = host.shmSize() > 0 ? host.shmSize() : DEFAULT_SHM;
      standard.add(
          RuntimeSpec.Mount.of(
              "/dev/shm",
              "tmpfs",
              "shm",
              "nosuid",
              "noexec",
              "nodev",
              "mode=1777",
              "size=" + size));
    } else {
      standard.add(
          RuntimeSpec.Mount.of(
              "/dev/shm", "bind", sharedShm(in.namespaces().ipc()), "rbind", "rprivate"));
    }
    if (in.namespaces().network() instanceof Source.Host) {
      // sysfs belongs to a network namespace: a fresh one of the host's is refused without owning
      // it
      standard.removeIf(m -> m.destination().equals("/sys"));
      standard.add(
          RuntimeSpec.Mount.of(
              "/sys", "bind", "/sys", "rbind", "nosuid", "noexec", "nodev", access));
      standard.removeIf(m -> m.destination().equals("/sys/fs/cgroup"));
      standard.add(
          RuntimeSpec.Mount.of(
              "/sys/fs/cgroup", "cgroup", "cgroup", access, "nosuid", "noexec", "nodev"));
    }
    standard.forEach(m -> byTarget.put(m.destination(), m));
    in.initPath()
        .ifPresent(path ->
            byTarget.put(
                INIT_TARGET, RuntimeSpec.Mount.of(INIT_TARGET, "bind", path, "bind", "ro")));
    in.mounts().forEach(m -> byTarget.put(m.destination(), m));
    return List.copyOf(byTarget.values());
  }

  private static String sharedShm(Source ipc) {
    return ipc instanceof Source.Join join
        ? join.path().replaceFirst("/ns/ipc$", "/root/dev/shm")
        : "/dev/shm";
  }

  private static int depth(String path) {
    return (int) path.chars().filter(c -> c == '/').count();
  }

  private static RuntimeSpec.Linux linux(
      SpecInput in, SecurityOptions security, List<String> capabilities) {
    HostConfig host = in.hostConfig();
    boolean open = host.privileged() || security.unmaskSystemPaths();
    Devices devices = Devices.of(in.devices(), host);
    return new RuntimeSpec.Linux(
        List.of(),
        List.of(),
        sysctls(host.sysctls(), in.namespaces()),
        Optional.of(Limits.resources(host.resources(), devices.rules(), in.host())),
        Optional.of(in.cgroupsPath()),
        namespaces(in),
        devices.nodes(),
        host.privileged() || !in.host().seccomp()
            ? Optional.empty()
            : security.seccomp(capabilities, in.host()),
        Optional.of(propagation(in.mounts())),
        open ? List.of() : host.maskedPaths().orElse(MASKED_PATHS),
        open ? List.of() : host.readonlyPaths().orElse(READONLY_PATHS),
        Optional.empty());
  }

  /** A shared or slave mount needs a root that passes mount events on (mount_namespaces(7)). */
  private static String propagation(List<RuntimeSpec.Mount> mounts) {
    List<String> options = mounts.stream().flatMap(m -> m.options().stream()).toList();
    if (options.contains("shared") || options.contains("rshared")) {
      return "shared";
    }
    return options.contains("slave") || options.contains("rslave") ? "slave" : "private";
  }

  private static SortedMap<String, String> sysctls(
      Map<String, String> wanted, SpecInput.Namespaces namespaces) {
    for (String name : wanted.keySet()) {
      boolean network = name.startsWith("net.");
      boolean ipc =
          name.startsWith("kernel.msg")
              || name.startsWith("kernel.sem")
              || name.startsWith("kernel.shm")
              || name.startsWith("fs.mqueue.");
      boolean uts = name.equals("kernel.domainname");
      if (!network && !ipc && !uts) {
        throw new Fault.InvalidArgument("sysctl '" + name + "' is not allowed");
      }
      if (network && namespaces.network() instanceof Source.Host) {
        throw new Fault.InvalidArgument(
            "sysctl '" + name + "' is not allowed with the host's network");
      }
      if (ipc && namespaces.ipc() instanceof Source.Host) {
        throw new Fault.InvalidArgument("sysctl '" + name + "' is not allowed with the host's ipc");
      }
    }
    return new TreeMap<>(wanted);
  }

  private static List<RuntimeSpec.Namespace> namespaces(SpecInput in) {
    List<RuntimeSpec.Namespace> list = new ArrayList<>();
    list.add(RuntimeSpec.Namespace.fresh("mount"));
    SpecInput.Namespaces namespaces = in.namespaces();
    add(list, "pid", namespaces.pid());
    add(list, "network", namespaces.network());
    add(list, "ipc", namespaces.ipc());
    add(list, "uts", namespaces.uts());
    if (in.host().cgroupNamespaces()) {
      add(list, "cgroup", namespaces.cgroup());
    }
    return list;
  }

  private static void add(List<RuntimeSpec.Namespace> list, String type, Source source) {
    switch (source) {
      case Source.Fresh() -> list.add(RuntimeSpec.Namespace.fresh(type));
      case Source.Join(String path) -> list.add(RuntimeSpec.Namespace.join(type, path));
      case Source.Host() -> {
        // absent means shared with the runtime, that is the host's (config-linux.md, "Namespaces")
      }
    }
  }

  static OptionalLong positive(long value) {
    return value > 0 ? OptionalLong.of(value) : OptionalLong.empty();
  }
}
