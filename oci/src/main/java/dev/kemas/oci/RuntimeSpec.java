package dev.kemas.oci;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The {@code config.json} of a bundle (runtime-spec, config.md and config-linux.md): what an OCI
 * runtime is told to make. Only the parts for Linux.
 *
 * @param hostname empty when the container shares the host's UTS namespace
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RuntimeSpec(
    String ociVersion,
    Optional<Process> process,
    Root root,
    Optional<String> hostname,
    Optional<String> domainname,
    List<Mount> mounts,
    Optional<Hooks> hooks,
    SortedMap<String, String> annotations,
    Optional<Linux> linux) {

  /** The version of the specification that these records follow and crun 1.8 and runc 1.1 read. */
  public static final String VERSION = "1.0.2";

  public RuntimeSpec {
    mounts = list(mounts);
    annotations = sorted(annotations);
  }

  /** The same with another process. */
  public RuntimeSpec withProcess(Process changed) {
    return new RuntimeSpec(
        ociVersion,
        Optional.of(changed),
        root,
        hostname,
        domainname,
        mounts,
        hooks,
        annotations,
        linux);
  }

  /** The same with another Linux part. */
  public RuntimeSpec withLinux(Linux changed) {
    return new RuntimeSpec(
        ociVersion,
        process,
        root,
        hostname,
        domainname,
        mounts,
        hooks,
        annotations,
        Optional.of(changed));
  }

  /** The same with other annotations. */
  public RuntimeSpec withAnnotations(SortedMap<String, String> changed) {
    return new RuntimeSpec(
        ociVersion, process, root, hostname, domainname, mounts, hooks, changed, linux);
  }

  /**
   * The process to run, also the file that {@code exec} takes.
   *
   * @param cwd absolute path within the container
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  @SuppressWarnings("AvoidCommonTypeNames") // the name the specification gives it
  public record Process(
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean terminal,
      Optional<Box> consoleSize,
      User user,
      List<String> args,
      List<String> env,
      String cwd,
      Optional<Capabilities> capabilities,
      List<Rlimit> rlimits,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean noNewPrivileges,
      Optional<String> apparmorProfile,
      OptionalInt oomScoreAdj,
      Optional<String> selinuxLabel) {
    public Process {
      args = list(args);
      env = list(env);
      rlimits = list(rlimits);
    }
  }

  /** A terminal's size in character cells. */
  public record Box(int height, int width) {}

  /**
   * Who the process is.
   *
   * @param umask file mode creation mask
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record User(
      @JsonInclude(JsonInclude.Include.ALWAYS) long uid,
      @JsonInclude(JsonInclude.Include.ALWAYS) long gid,
      OptionalInt umask,
      List<Long> additionalGids) {
    public User {
      additionalGids = list(additionalGids);
    }

    /** Root, with no further groups. */
    public static User root() {
      return new User(0, 0, OptionalInt.empty(), List.of());
    }
  }

  /** The five capability sets (capabilities(7)), by names such as {@code CAP_CHOWN}. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Capabilities(
      List<String> bounding,
      List<String> effective,
      List<String> inheritable,
      List<String> permitted,
      List<String> ambient) {
    public Capabilities {
      bounding = list(bounding);
      effective = list(effective);
      inheritable = list(inheritable);
      permitted = list(permitted);
      ambient = list(ambient);
    }

    /** These in the bounding, effective and permitted sets, as Docker gives them. */
    public static Capabilities of(List<String> names) {
      return new Capabilities(names, names, List.of(), names, List.of());
    }
  }

  /** A resource limit (getrlimit(2)); type such as {@code RLIMIT_NOFILE}. */
  public record Rlimit(String type, long soft, long hard) {}

  /** The root file system: absolute path, or relative to the bundle. */
  public record Root(String path, boolean readonly) {}

  /** A mount within the container; options as in mount(8) plus the specification's own. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Mount(
      String destination, Optional<String> type, Optional<String> source, List<String> options) {
    public Mount {
      options = list(options);
    }

    /** A mount of a type, with its options. */
    public static Mount of(String destination, String type, String source, String... options) {
      return new Mount(destination, Optional.of(type), Optional.of(source), List.of(options));
    }
  }

  /** Programs run at points of the container's life (config.md, "POSIX-platform Hooks"). */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Hooks(
      List<Hook> createRuntime,
      List<Hook> createContainer,
      List<Hook> startContainer,
      List<Hook> poststart,
      List<Hook> poststop,
      List<Hook> prestart) {
    public Hooks {
      createRuntime = list(createRuntime);
      createContainer = list(createContainer);
      startContainer = list(startContainer);
      poststart = list(poststart);
      poststop = list(poststop);
      prestart = list(prestart);
    }
  }

  /** One hook; timeout in seconds. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Hook(String path, List<String> args, List<String> env, OptionalInt timeout) {
    public Hook {
      args = list(args);
      env = list(env);
    }
  }

  /** The Linux part (config-linux.md). */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Linux(
      List<IdMapping> uidMappings,
      List<IdMapping> gidMappings,
      SortedMap<String, String> sysctl,
      Optional<Resources> resources,
      Optional<String> cgroupsPath,
      List<Namespace> namespaces,
      List<Device> devices,
      Optional<Seccomp> seccomp,
      Optional<String> rootfsPropagation,
      List<String> maskedPaths,
      List<String> readonlyPaths,
      Optional<String> mountLabel) {
    public Linux {
      uidMappings = list(uidMappings);
      gidMappings = list(gidMappings);
      sysctl = sorted(sysctl);
      namespaces = list(namespaces);
      devices = list(devices);
      maskedPaths = list(maskedPaths);
      readonlyPaths = list(readonlyPaths);
    }

    /** The same with another system call filter. */
    public Linux withSeccomp(Optional<Seccomp> changed) {
      return new Linux(
          uidMappings,
          gidMappings,
          sysctl,
          resources,
          cgroupsPath,
          namespaces,
          devices,
          changed,
          rootfsPropagation,
          maskedPaths,
          readonlyPaths,
          mountLabel);
    }
  }

  /** A range of ids in a user namespace (user_namespaces(7)). */
  public record IdMapping(long containerID, long hostID, long size) {}

  /**
   * A namespace to make, or to join where a path is given.
   *
   * @param type {@code pid network mount ipc uts user cgroup time}
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Namespace(String type, Optional<String> path) {
    /** A new namespace of this type. */
    public static Namespace fresh(String type) {
      return new Namespace(type, Optional.empty());
    }

    /** The namespace that this file stands for. */
    public static Namespace join(String type, String path) {
      return new Namespace(type, Optional.of(path));
    }
  }

  /** A device node to make; type {@code c b u p}; fileMode in decimal. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Device(
      String type,
      String path,
      OptionalLong major,
      OptionalLong minor,
      OptionalInt fileMode,
      OptionalLong uid,
      OptionalLong gid) {}

  /** Limits of the container's cgroup. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Resources(
      List<DeviceRule> devices,
      Optional<Memory> memory,
      Optional<Cpu> cpu,
      Optional<Pids> pids,
      Optional<BlockIo> blockIO,
      List<HugepageLimit> hugepageLimits,
      SortedMap<String, String> unified) {
    public Resources {
      devices = list(devices);
      hugepageLimits = list(hugepageLimits);
      unified = sorted(unified);
    }
  }

  /** Allows or denies access ({@code rwm}) to devices; later rules win. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record DeviceRule(
      @JsonInclude(JsonInclude.Include.ALWAYS) boolean allow,
      Optional<String> type,
      OptionalLong major,
      OptionalLong minor,
      Optional<String> access) {}

  /** Memory limits in bytes; swap is memory plus swap; -1 is unlimited. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Memory(
      OptionalLong limit,
      OptionalLong reservation,
      OptionalLong swap,
      OptionalLong swappiness,
      Optional<Boolean> disableOOMKiller) {}

  /** Processor limits; quota and period in microseconds; cpus and mems as in cpuset(7). */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Cpu(
      OptionalLong shares,
      OptionalLong quota,
      OptionalLong period,
      OptionalLong realtimeRuntime,
      OptionalLong realtimePeriod,
      Optional<String> cpus,
      Optional<String> mems) {}

  /** The greatest number of processes; -1 is unlimited. */
  public record Pids(long limit) {}

  /** Block device weights and throttles; rates in bytes or operations a second. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record BlockIo(
      OptionalInt weight,
      List<WeightDevice> weightDevice,
      List<ThrottleDevice> throttleReadBpsDevice,
      List<ThrottleDevice> throttleWriteBpsDevice,
      List<ThrottleDevice> throttleReadIOPSDevice,
      List<ThrottleDevice> throttleWriteIOPSDevice) {
    public BlockIo {
      weightDevice = list(weightDevice);
      throttleReadBpsDevice = list(throttleReadBpsDevice);
      throttleWriteBpsDevice = list(throttleWriteBpsDevice);
      throttleReadIOPSDevice = list(throttleReadIOPSDevice);
      throttleWriteIOPSDevice = list(throttleWriteIOPSDevice);
    }
  }

  /** A block device's share. */
  public record WeightDevice(long major, long minor, int weight) {}

  /** A block device's greatest rate. */
  public record ThrottleDevice(long major, long minor, long rate) {}

  /** A limit of huge pages of one size, in bytes. */
  public record HugepageLimit(String pageSize, long limit) {}

  /** A system call filter (seccomp(2)). */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Seccomp(
      String defaultAction,
      OptionalInt defaultErrnoRet,
      List<String> architectures,
      List<String> flags,
      List<SyscallRule> syscalls) {
    public Seccomp {
      architectures = list(architectures);
      flags = list(flags);
      syscalls = list(syscalls);
    }
  }

  /** What to do with some system calls. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record SyscallRule(
      List<String> names, String action, OptionalInt errnoRet, List<SyscallArg> args) {
    public SyscallRule {
      names = list(names);
      args = list(args);
    }
  }

  /** A condition on one argument, e.g. {@code SCMP_CMP_EQ}; index from 0. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record SyscallArg(int index, long value, long valueTwo, String op) {}

  private static <T> List<T> list(@Nullable List<T> values) {
    return values == null ? List.of() : List.copyOf(values);
  }

  private static SortedMap<String, String> sorted(@Nullable SortedMap<String, String> map) {
    return java.util.Collections.unmodifiableSortedMap(map == null ? new TreeMap<>() : map);
  }
}
