package dev.kemas.host;

import dev.kemas.cgroup.Cgroups;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Capabilities;
import dev.kemas.linux.Directory;
import dev.kemas.linux.HostCrypto;
import dev.kemas.linux.HostDeflate;
import dev.kemas.linux.Inotify;
import dev.kemas.linux.KernelMounter;
import dev.kemas.linux.Mount;
import dev.kemas.linux.MountNamespace;
import dev.kemas.linux.PidFd;
import dev.kemas.linux.ProcFiles;
import dev.kemas.linux.ResourceLimits;
import dev.kemas.linux.RootDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks whether the kernel and the privileges of this process are what the engine needs. What can
 * be tried is tried, in namespaces of its own that end with the trial; nothing is left behind.
 */
public final class HostChecks {
  private static final Map<String, String> NEEDED_CAPABILITIES = needed();
  private static final List<String> NAMESPACES =
      List.of("mnt", "pid", "net", "ipc", "uts", "cgroup");

  private HostChecks() {}

  private static Map<String, String> needed() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("CAP_SYS_ADMIN", "mounts and namespaces");
    all.put("CAP_NET_ADMIN", "bridges and rules");
    all.put("CAP_CHOWN", "owners of files in layers");
    all.put("CAP_DAC_OVERRIDE", "files of other users");
    all.put("CAP_FOWNER", "modes and times of files in layers");
    all.put("CAP_MKNOD", "devices in layers and in /dev");
    all.put("CAP_SETUID", "containers that run as a user");
    all.put("CAP_SETGID", "containers that run as a group");
    all.put("CAP_SETFCAP", "file capabilities in layers");
    all.put("CAP_KILL", "stopping containers");
    return all;
  }

  /**
   * All checks, in the order to show them.
   *
   * @param dataRoot a folder on the file system that will hold the layers
   */
  public static List<HostCheck> all(Path dataRoot) {
    List<HostCheck> checks = new ArrayList<>();
    checks.add(kernel());
    checks.add(privileges());
    checks.add(hardLimits());
    checks.add(overlay(dataRoot));
    checks.add(namespaces());
    checks.add(userNamespaces());
    checks.add(seccomp());
    checks.addAll(cgroups());
    checks.add(openFiles());
    checks.add(inotify());
    checks.add(hashing());
    checks.add(compression());
    return checks;
  }

  private static HostCheck kernel() {
    String release = ProcFiles.read("/proc/sys/kernel/osrelease");
    try (RootDir root = RootDir.open(Path.of("/"));
        PidFd self = PidFd.open((int) ProcessHandle.current().pid()).orElseThrow()) {
      root.stat("proc");
      return HostCheck.ok("kernel", release + (self.isAlive() ? ", openat2 and pidfd work" : ""));
    } catch (Fault e) {
      return HostCheck.missing(
          "kernel", release + ": " + e.getMessage(), "install a kernel of Linux 5.10 or later");
    }
  }

  private static HostCheck privileges() {
    Set<String> held = Capabilities.effective();
    List<String> lacking = new ArrayList<>();
    NEEDED_CAPABILITIES.forEach((name, use) -> {
      if (!held.contains(name)) {
        lacking.add(name + " (" + use + ")");
      }
    });
    return lacking.isEmpty()
        ? HostCheck.ok("privileges", held.size() + " capabilities")
        : HostCheck.missing(
            "privileges",
            "without " + String.join(", ", lacking),
            "run the daemon as root, with these capabilities where it runs in a container");
  }

  private static HostCheck hardLimits() {
    if (Capabilities.effective().contains("CAP_SYS_RESOURCE")) {
      return HostCheck.ok("resource limits", "can be raised (CAP_SYS_RESOURCE)");
    }
    long files = ResourceLimits.all().getOrDefault("RLIMIT_NOFILE", NO_LIMIT).hard();
    return HostCheck.degraded(
        "resource limits",
        "hard limits cannot be raised (no CAP_SYS_RESOURCE); open files at most " + files,
        "give the daemon CAP_SYS_RESOURCE if containers need higher --ulimit");
  }

  private static final ResourceLimits.Limit NO_LIMIT = new ResourceLimits.Limit(-1, -1);

  /**
   * Whether an overlay can be mounted whose upper layer lies there, tried in a namespace of its
   * own.
   */
  public static HostCheck overlay(Path dataRoot) {
    String name = "overlay file system";
    Path place = dataRoot;
    while (!Files.isDirectory(place)) {
      Path parent = place.getParent();
      place = parent == null ? Path.of("/") : parent;
    }
    try {
      Path trial = Files.createTempDirectory(place, ".kemas-trial-");
      try {
        return MountNamespace.callInCopy("overlay-trial", () -> tryOverlay(trial, name));
      } finally {
        try (Directory directory = Directory.open(place)) {
          directory.removeTree(String.valueOf(trial.getFileName()));
        }
      }
    } catch (IOException | Fault e) {
      return HostCheck.missing(
          name,
          "cannot be mounted over " + place + ": " + e.getMessage(),
          "load the module (modprobe overlay), or put the data root on ext4, xfs or btrfs");
    }
  }

  private static HostCheck tryOverlay(Path trial, String name) throws IOException {
    KernelMounter mounter = new KernelMounter();
    Path lower = Files.createDirectory(trial.resolve("lower"));
    Path upper = Files.createDirectory(trial.resolve("upper"));
    Path work = Files.createDirectory(trial.resolve("work"));
    Path merged = Files.createDirectory(trial.resolve("merged"));
    mounter.mount(Mount.overlay(List.of(lower), upper, work), merged);
    try {
      Files.createFile(merged.resolve("file"));
      Path trials = trial.getParent();
      return HostCheck.ok(name, "works on " + (trials == null ? trial : trials));
    } finally {
      mounter.unmount(merged);
    }
  }

  private static HostCheck namespaces() {
    List<String> lacking =
        NAMESPACES.stream().filter(n -> !Files.exists(Path.of("/proc/self/ns", n))).toList();
    return lacking.isEmpty()
        ? HostCheck.ok("namespaces", String.join(", ", NAMESPACES))
        : HostCheck.missing(
            "namespaces",
            "the kernel was built without " + String.join(", ", lacking),
            "install a kernel with namespaces");
  }

  private static HostCheck userNamespaces() {
    String most = ProcFiles.read("/proc/sys/user/max_user_namespaces");
    return Files.exists(Path.of("/proc/self/ns/user")) && !most.equals("0")
        ? HostCheck.ok("user namespaces", "at most " + most)
        : HostCheck.degraded(
            "user namespaces",
            "off",
            "sysctl -w user.max_user_namespaces=15000 (only --userns and rootless need it)");
  }

  private static HostCheck seccomp() {
    String actions = ProcFiles.read("/proc/sys/kernel/seccomp/actions_avail");
    return actions.contains("errno")
        ? HostCheck.ok("seccomp", "filters work")
        : HostCheck.degraded(
            "seccomp",
            "the kernel cannot filter system calls",
            "install a kernel with CONFIG_SECCOMP_FILTER");
  }

  private static List<HostCheck> cgroups() {
    Cgroups cgroups = Cgroups.detect();
    Cgroups.Layout layout = cgroups.layout();
    if (layout == Cgroups.Layout.NONE) {
      return List.of(
          HostCheck.missing(
              "cgroups",
              "no hierarchy is mounted",
              "mount -t cgroup2 none /sys/fs/cgroup (or install cgroupfs-mount)"));
    }
    Set<String> controllers = cgroups.controllers();
    String shown =
        switch (layout) {
          case V1 -> "version 1";
          case HYBRID -> "version 1 with a version 2 tree beside it";
          case V2, NONE -> "version 2";
        };
    List<HostCheck> checks = new ArrayList<>();
    checks.add(HostCheck.ok("cgroups", shown + ": " + String.join(", ", controllers)));
    Set<String> lacking = new TreeSet<>(Set.of("cpu", "cpuset", "memory", "pids"));
    lacking.add(layout == Cgroups.Layout.V2 ? "io" : "blkio");
    lacking.removeAll(controllers);
    if (!lacking.isEmpty()) {
      checks.add(
          HostCheck.degraded(
              "cgroup controllers",
              "no limits of " + String.join(", ", lacking),
              "enable them on the kernel's command line, e.g. cgroup_enable=memory"));
    }
    return checks;
  }

  private static HostCheck openFiles() {
    long most = ResourceLimits.all().getOrDefault("RLIMIT_NOFILE", NO_LIMIT).hard();
    return most < 0 || most >= 4096
        ? HostCheck.ok("open files", most < 0 ? "no limit" : "at most " + most)
        : HostCheck.degraded(
            "open files",
            "at most " + most + ": few containers will fit",
            "ulimit -n 65536 before the daemon starts, or LimitNOFILE= in its unit");
  }

  private static HostCheck inotify() {
    String most = ProcFiles.read("/proc/sys/fs/inotify/max_user_instances");
    try {
      Inotify.open().close();
      return HostCheck.ok("inotify", "at most " + most + " instances");
    } catch (Fault e) {
      return HostCheck.missing(
          "inotify", e.getMessage(), "sysctl -w fs.inotify.max_user_instances=512");
    }
  }

  private static HostCheck hashing() {
    return HostCrypto.install()
        .map(library -> HostCheck.ok("hashing", "by " + library))
        .orElseGet(() ->
            HostCheck.degraded(
                "hashing",
                "libcrypto is not installed: Java hashes layers and encrypts TLS, which takes long",
                "install libcrypto (Debian's libssl3)"));
  }

  private static HostCheck compression() {
    return HostDeflate.get().isPresent()
        ? HostCheck.ok("compression", "gzip by " + HostDeflate.name())
        : HostCheck.degraded(
            "compression",
            "ISA-L is not installed: gzip layers are packed and unpacked by zlib, which takes long",
            "install " + HostDeflate.name() + " (Debian's libisal2)");
  }
}
