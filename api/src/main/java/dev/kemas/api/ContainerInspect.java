package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.kemas.container.ContainerConfig;
import dev.kemas.container.HostConfig;
import dev.kemas.container.HostConfig.PortBinding;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/** The answer to {@code GET /containers/{id}/json}. Times in RFC 3339, sizes in bytes. */
@JsonNaming(UpperCamelCaseStrategy.class)
public record ContainerInspect(
    String id,
    String created,
    String path,
    List<String> args,
    State state,
    String image,
    String resolvConfPath,
    String hostnamePath,
    String hostsPath,
    String logPath,
    String name,
    int restartCount,
    String driver,
    String platform,
    String mountLabel,
    String processLabel,
    String appArmorProfile,
    @JsonProperty("ExecIDs") List<String> execIds,
    HostConfig hostConfig,
    GraphDriver graphDriver,
    OptionalLong sizeRw,
    OptionalLong sizeRootFs,
    List<MountPoint> mounts,
    ContainerConfig config,
    NetworkSettings networkSettings) {

  /**
   * Where it is in its life.
   *
   * @param status {@code created running paused restarting removing exited dead}
   * @param error why it could not be started, else empty
   */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record State(
      String status,
      boolean running,
      boolean paused,
      boolean restarting,
      @JsonProperty("OOMKilled") boolean oomKilled,
      boolean dead,
      long pid,
      int exitCode,
      String error,
      String startedAt,
      String finishedAt,
      Optional<Health> health) {}

  /** What its health check says. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Health(String status, int failingStreak, List<Check> log) {}

  /** One run of the health check. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Check(String start, String end, int exitCode, String output) {}

  /** Where its files are. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record GraphDriver(String name, SortedMap<String, String> data) {}

  /** Its networks; the flat fields are those of the default one, for old clients. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record NetworkSettings(
      String bridge,
      @JsonProperty("SandboxID") String sandboxId,
      String sandboxKey,
      SortedMap<String, Optional<List<PortBinding>>> ports,
      boolean hairpinMode,
      @JsonProperty("LinkLocalIPv6Address") String linkLocalIpv6Address,
      @JsonProperty("LinkLocalIPv6PrefixLen") int linkLocalIpv6PrefixLen,
      @JsonProperty("EndpointID") String endpointId,
      String gateway,
      @JsonProperty("GlobalIPv6Address") String globalIpv6Address,
      @JsonProperty("GlobalIPv6PrefixLen") int globalIpv6PrefixLen,
      @JsonProperty("IPAddress") String ipAddress,
      @JsonProperty("IPPrefixLen") int ipPrefixLen,
      @JsonProperty("IPv6Gateway") String ipv6Gateway,
      String macAddress,
      SortedMap<String, EndpointSettings> networks) {

    /** There are none, but the field is always shown. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @JsonProperty(value = "SecondaryIPAddresses", access = JsonProperty.Access.READ_ONLY)
    public Optional<List<String>> secondaryIpAddresses() {
      return Optional.empty();
    }

    /** There are none, but the field is always shown. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @JsonProperty(value = "SecondaryIPv6Addresses", access = JsonProperty.Access.READ_ONLY)
    public Optional<List<String>> secondaryIpv6Addresses() {
      return Optional.empty();
    }
  }
}
