package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;

/** The answer to {@code GET /info}. Sizes in bytes, times in RFC 3339. */
@JsonNaming(UpperCamelCaseStrategy.class)
public record SystemInfo(
    @JsonProperty("ID") String id,
    int containers,
    int containersRunning,
    int containersPaused,
    int containersStopped,
    int images,
    String driver,
    List<List<String>> driverStatus,
    Plugins plugins,
    boolean memoryLimit,
    boolean swapLimit,
    boolean cpuCfsPeriod,
    boolean cpuCfsQuota,
    @JsonProperty("CPUShares") boolean cpuShares,
    @JsonProperty("CPUSet") boolean cpuSet,
    boolean pidsLimit,
    @JsonProperty("IPv4Forwarding") boolean ipv4Forwarding,
    boolean debug,
    @JsonProperty("NFd") int openFiles,
    boolean oomKillDisable,
    @JsonProperty("NGoroutines") int threads,
    String systemTime,
    String loggingDriver,
    String cgroupDriver,
    String cgroupVersion,
    @JsonProperty("NEventsListener") int eventListeners,
    String kernelVersion,
    String operatingSystem,
    @JsonProperty("OSVersion") String osVersion,
    @JsonProperty("OSType") String osType,
    String architecture,
    String indexServerAddress,
    RegistryConfig registryConfig,
    @JsonProperty("NCPU") int cpus,
    long memTotal,
    String dockerRootDir,
    String httpProxy,
    String httpsProxy,
    String noProxy,
    String name,
    List<String> labels,
    boolean experimentalBuild,
    String serverVersion,
    Map<String, OciRuntime> runtimes,
    String defaultRuntime,
    Swarm swarm,
    boolean liveRestoreEnabled,
    String isolation,
    String initBinary,
    Commit containerdCommit,
    Commit runcCommit,
    Commit initCommit,
    List<String> securityOptions,
    List<AddressPool> defaultAddressPools,
    Firewall firewallBackend,
    @JsonProperty("CDISpecDirs") List<String> cdiSpecDirs,
    List<String> warnings) {

  /** The drivers that there are. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Plugins(
      List<String> volume, List<String> network, List<String> authorization, List<String> log) {}

  /** How registries are reached. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record RegistryConfig(
      @JsonProperty("InsecureRegistryCIDRs") List<String> insecureRegistryCidrs,
      Map<String, Index> indexConfigs,
      List<String> mirrors) {}

  /** One registry. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Index(String name, List<String> mirrors, boolean secure, boolean official) {}

  /** An OCI runtime that containers may ask for. */
  public record OciRuntime(String path) {}

  /** There is no swarm. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Swarm(
      @JsonProperty("NodeID") String nodeId,
      String nodeAddr,
      String localNodeState,
      boolean controlAvailable,
      String error) {
    /** Not a member of any. */
    public static final Swarm INACTIVE = new Swarm("", "", "inactive", false, "");
  }

  /** The version of a tool. */
  public record Commit(@JsonProperty("ID") String id) {}

  /** Where subnets of new networks come from. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record AddressPool(String base, int size) {}

  /** How rules are written to the kernel. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Firewall(String driver) {}
}
