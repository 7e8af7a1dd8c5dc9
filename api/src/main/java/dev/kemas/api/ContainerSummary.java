package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * A line of {@code GET /containers/json}.
 *
 * @param names each with a leading slash
 * @param created seconds since 1970
 * @param status for people: {@code Up 5 minutes (healthy)}
 * @param sizeRw bytes the container wrote; only when asked for
 * @param sizeRootFs all bytes of its file system; only when asked for
 */
@JsonNaming(UpperCamelCaseStrategy.class)
public record ContainerSummary(
    String id,
    List<String> names,
    String image,
    @JsonProperty("ImageID") String imageId,
    String command,
    long created,
    List<PortSummary> ports,
    OptionalLong sizeRw,
    OptionalLong sizeRootFs,
    SortedMap<String, String> labels,
    String state,
    String status,
    HostPart hostConfig,
    NetworkPart networkSettings,
    List<MountPoint> mounts) {

  /** What a list shows of the host configuration. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record HostPart(String networkMode) {}

  /** What a list shows of the networks. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record NetworkPart(SortedMap<String, EndpointSettings> networks) {}

  /** A port, published or only exposed. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record PortSummary(
      @JsonProperty("IP") Optional<String> ip,
      int privatePort,
      OptionalInt publicPort,
      String type) {}
}
