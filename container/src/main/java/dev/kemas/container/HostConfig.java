package dev.kemas.container;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a container asks of its host (Engine API, {@code HostConfig}).
 *
 * @param binds {@code source:target[:options]}; a source without a slash is a volume's name
 * @param networkMode {@code default bridge host none container:ID} or a network's name or id
 * @param portBindings keys such as {@code 5000/tcp}
 * @param shmSize bytes of /dev/shm; 0 is the default of 64 MiB
 * @param consoleSize height and width; empty unless the client said so
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record HostConfig(
    @JsonProperty("Binds") List<String> binds,
    @JsonProperty("ContainerIDFile") String containerIdFile,
    @JsonProperty("LogConfig") LogConfig logConfig,
    @JsonProperty("NetworkMode") String networkMode,
    @JsonProperty("PortBindings") SortedMap<String, List<PortBinding>> portBindings,
    @JsonProperty("RestartPolicy") RestartPolicy restartPolicy,
    @JsonProperty("AutoRemove") boolean autoRemove,
    @JsonProperty("VolumeDriver") String volumeDriver,
    @JsonProperty("VolumesFrom") List<String> volumesFrom,
    @JsonProperty("Mounts") List<MountRequest> mounts,
    @JsonProperty("ConsoleSize") List<Integer> consoleSize,
    @JsonProperty("Annotations") SortedMap<String, String> annotations,
    @JsonProperty("CapAdd") List<String> capAdd,
    @JsonProperty("CapDrop") List<String> capDrop,
    @JsonProperty("CgroupnsMode") String cgroupnsMode,
    @JsonProperty("Dns") List<String> dns,
    @JsonProperty("DnsOptions") List<String> dnsOptions,
    @JsonProperty("DnsSearch") List<String> dnsSearch,
    @JsonProperty("ExtraHosts") List<String> extraHosts,
    @JsonProperty("GroupAdd") List<String> groupAdd,
    @JsonProperty("IpcMode") String ipcMode,
    @JsonProperty("Cgroup") String cgroup,
    @JsonProperty("Links") List<String> links,
    @JsonProperty("OomScoreAdj") int oomScoreAdj,
    @JsonProperty("PidMode") String pidMode,
    @JsonProperty("Privileged") boolean privileged,
    @JsonProperty("PublishAllPorts") boolean publishAllPorts,
    @JsonProperty("ReadonlyRootfs") boolean readonlyRootfs,
    @JsonProperty("SecurityOpt") List<String> securityOpt,
    @JsonProperty("StorageOpt") SortedMap<String, String> storageOpt,
    @JsonProperty("Tmpfs") SortedMap<String, String> tmpfs,
    @JsonProperty("UTSMode") String utsMode,
    @JsonProperty("UsernsMode") String usernsMode,
    @JsonProperty("ShmSize") long shmSize,
    @JsonProperty("Sysctls") SortedMap<String, String> sysctls,
    @JsonProperty("Runtime") String runtime,
    @JsonProperty("Isolation") String isolation,
    @JsonUnwrapped Resources resources,
    @JsonProperty("MaskedPaths") @JsonInclude(JsonInclude.Include.ALWAYS)
        Optional<List<String>> maskedPaths,
    @JsonProperty("ReadonlyPaths") @JsonInclude(JsonInclude.Include.ALWAYS)
        Optional<List<String>> readonlyPaths,
    @JsonProperty("Init") Optional<Boolean> init) {

  /** What a client that says nothing asks for. */
  public static final HostConfig DEFAULT =
      dev.kemas.oci.Json.read("{}", HostConfig.class, "default host configuration");

  public HostConfig {
    binds = Absent.list(binds);
    containerIdFile = Absent.text(containerIdFile);
    logConfig = logConfig == null ? LogConfig.DEFAULT : logConfig;
    networkMode = Absent.text(networkMode);
    portBindings = Absent.map(portBindings);
    restartPolicy = restartPolicy == null ? RestartPolicy.NO : restartPolicy;
    volumeDriver = Absent.text(volumeDriver);
    volumesFrom = Absent.list(volumesFrom);
    mounts = Absent.list(mounts);
    consoleSize = Absent.list(consoleSize);
    annotations = Absent.map(annotations);
    capAdd = Absent.list(capAdd);
    capDrop = Absent.list(capDrop);
    cgroupnsMode = Absent.text(cgroupnsMode);
    dns = Absent.list(dns);
    dnsOptions = Absent.list(dnsOptions);
    dnsSearch = Absent.list(dnsSearch);
    extraHosts = Absent.list(extraHosts);
    groupAdd = Absent.list(groupAdd);
    ipcMode = Absent.text(ipcMode);
    cgroup = Absent.text(cgroup);
    links = Absent.list(links);
    pidMode = Absent.text(pidMode);
    securityOpt = Absent.list(securityOpt);
    storageOpt = Absent.map(storageOpt);
    tmpfs = Absent.map(tmpfs);
    utsMode = Absent.text(utsMode);
    usernsMode = Absent.text(usernsMode);
    sysctls = Absent.map(sysctls);
    runtime = Absent.text(runtime);
    isolation = Absent.text(isolation);
  }

  /** How the container's output is kept; type {@code json-file} unless said otherwise. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record LogConfig(
      @JsonProperty("Type") String type, @JsonProperty("Config") SortedMap<String, String> config) {
    /** The engine's default driver with its default options. */
    public static final LogConfig DEFAULT = new LogConfig("", Absent.map(null));

    public LogConfig {
      type = Absent.text(type);
      config = Absent.map(config);
    }
  }

  /** Where a port of the container is reached on the host; an empty port means any free one. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record PortBinding(
      @JsonProperty("HostIp") String hostIp, @JsonProperty("HostPort") String hostPort) {
    public PortBinding {
      hostIp = Absent.text(hostIp);
      hostPort = Absent.text(hostPort);
    }
  }

  /**
   * When an ended container is started again.
   *
   * @param name {@code no}, {@code always}, {@code unless-stopped}, {@code on-failure}, or empty
   * @param maximumRetryCount for {@code on-failure}; 0 is without end
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record RestartPolicy(
      @JsonProperty("Name") String name, @JsonProperty("MaximumRetryCount") int maximumRetryCount) {
    /** Never. */
    public static final RestartPolicy NO = new RestartPolicy("no", 0);

    public RestartPolicy {
      name = Absent.text(name);
    }

    /** Whether it ever starts a container again. */
    public boolean restarts() {
      return !name.isEmpty() && !name.equals("no");
    }
  }
}
