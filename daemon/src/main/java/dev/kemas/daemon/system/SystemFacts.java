package dev.kemas.daemon.system;

import dev.kemas.api.ApiVersion;
import dev.kemas.api.SystemInfo;
import dev.kemas.api.SystemVersion;
import dev.kemas.api.Timestamps;
import dev.kemas.api.server.SystemBackend;
import dev.kemas.daemon.config.DaemonConfig;
import dev.kemas.daemon.config.Reloadable;
import dev.kemas.oci.Platform;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The host and the daemon, as they are when somebody asks. */
public final class SystemFacts implements SystemBackend {
  private final DaemonConfig config;
  private final Supplier<Reloadable> current;
  private final Supplier<String> defaultRuntime;
  private final Supplier<Counts> counts;
  private final Host host = new Host();

  /**
   * How many there are.
   *
   * @param listeners who follow events
   */
  public record Counts(int running, int paused, int stopped, int images, int listeners) {}

  /**
   * @param config what holds for as long as the daemon runs
   * @param current what may have been reloaded since
   */
  public SystemFacts(
      DaemonConfig config,
      Supplier<Reloadable> current,
      Supplier<String> defaultRuntime,
      Supplier<Counts> counts) {
    this.config = config;
    this.current = current;
    this.defaultRuntime = defaultRuntime;
    this.counts = counts;
  }

  /** The id of the daemon that keeps its data there. */
  public static String id(Path dataRoot) {
    return new Host().id(dataRoot);
  }

  /** The name of this machine. */
  public static String hostName() {
    return new Host().name();
  }

  @Override
  public SystemVersion version() {
    String kernel = host.kernel();
    String arch = Platform.host().architecture();
    return new SystemVersion(
        new SystemVersion.Platform("Kemas"),
        List.of(
            new SystemVersion.Component(
                "Engine",
                Product.VERSION,
                new TreeMap<>(
                    Map.of(
                        "ApiVersion",
                        ApiVersion.MAX.toString(),
                        "MinAPIVersion",
                        ApiVersion.MIN.toString(),
                        "Arch",
                        arch,
                        "Os",
                        "linux",
                        "KernelVersion",
                        kernel,
                        "GitCommit",
                        Product.COMMIT,
                        "GoVersion",
                        "java" + Runtime.version().feature(),
                        "BuildTime",
                        "",
                        "Experimental",
                        "false")))),
        Product.VERSION,
        ApiVersion.MAX.toString(),
        ApiVersion.MIN.toString(),
        Product.COMMIT,
        "java" + Runtime.version().feature(),
        "linux",
        arch,
        kernel,
        "");
  }

  @Override
  public SystemInfo info() {
    Counts now = counts.get();
    Reloadable set = current.get();
    Map<String, SystemInfo.OciRuntime> runtimes = new TreeMap<>();
    Stream.of("crun", "runc").forEach(r -> runtimes.put(r, new SystemInfo.OciRuntime(r)));
    set.runtimes().forEach((name, path) -> runtimes.put(name, new SystemInfo.OciRuntime(path)));
    DaemonConfig.NetworkOptions network = config.network();
    boolean memory = host.hasController("memory");
    boolean cpu = host.hasController("cpu");
    return new SystemInfo(
        host.id(config.dataRoot()),
        now.running() + now.paused() + now.stopped(),
        now.running(),
        now.paused(),
        now.stopped(),
        now.images(),
        "overlay2",
        List.of(List.of("Backing Filesystem", host.fileSystem(config.dataRoot()))),
        new SystemInfo.Plugins(
            List.of("local"),
            List.of("bridge", "host", "null"),
            List.of(),
            List.of("json-file", "none")),
        memory,
        memory && host.hasSwapLimit(),
        cpu,
        cpu,
        cpu,
        host.hasController("cpuset"),
        host.hasController("pids"),
        host.forwardsIpv4(),
        set.logLevel() == DaemonConfig.LogLevel.DEBUG,
        host.openFiles(),
        host.cgroupVersion().equals("1"),
        host.threads(),
        Timestamps.nano(Instant.now()),
        config.logDriver(),
        "cgroupfs",
        host.cgroupVersion(),
        now.listeners(),
        host.kernel(),
        host.operatingSystem("PRETTY_NAME"),
        host.operatingSystem("VERSION_ID"),
        "linux",
        host.machine(),
        "https://index.docker.io/v1/",
        registries(set),
        Runtime.getRuntime().availableProcessors(),
        host.memory(),
        config.dataRoot().toString(),
        host.environment("HTTP_PROXY"),
        host.environment("HTTPS_PROXY"),
        host.environment("NO_PROXY"),
        host.name(),
        set.labels(),
        false,
        Product.VERSION,
        runtimes,
        defaultRuntime.get(),
        SystemInfo.Swarm.INACTIVE,
        true,
        "",
        "kemas-init",
        new SystemInfo.Commit(""),
        new SystemInfo.Commit(""),
        new SystemInfo.Commit(""),
        List.of("name=seccomp,profile=builtin"),
        network.pools().stream()
            .map(pool -> new SystemInfo.AddressPool(pool.base(), pool.size()))
            .toList(),
        new SystemInfo.Firewall("nftables"),
        List.of("/etc/cdi", "/var/run/cdi"),
        List.of());
  }

  private static SystemInfo.RegistryConfig registries(Reloadable set) {
    Map<String, SystemInfo.Index> indexes = new TreeMap<>();
    indexes.put("docker.io", new SystemInfo.Index("docker.io", set.registryMirrors(), true, true));
    set.insecureRegistries()
        .forEach(r -> indexes.put(r, new SystemInfo.Index(r, List.of(), false, false)));
    return new SystemInfo.RegistryConfig(
        List.of("127.0.0.0/8", "::1/128"), indexes, set.registryMirrors());
  }
}
