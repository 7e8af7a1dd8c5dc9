package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A network.
 *
 * @param created RFC 3339
 * @param containers by id; only where one network is inspected
 */
@JsonNaming(UpperCamelCaseStrategy.class)
public record NetworkRecord(
    String name,
    String id,
    String created,
    String scope,
    String driver,
    @JsonProperty("EnableIPv4") boolean enableIpv4,
    @JsonProperty("EnableIPv6") boolean enableIpv6,
    @JsonProperty("IPAM") Ipam ipam,
    boolean internal,
    boolean attachable,
    boolean ingress,
    ConfigFrom configFrom,
    boolean configOnly,
    SortedMap<String, Member> containers,
    SortedMap<String, String> options,
    SortedMap<String, String> labels) {

  /** Where its addresses come from. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Ipam(String driver, Map<String, String> options, List<Range> config) {}

  /** One subnet. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Range(
      String subnet,
      @JsonProperty("IPRange") String ipRange,
      String gateway,
      Map<String, String> auxiliaryAddresses) {}

  /** A network that its settings come from; there is none. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record ConfigFrom(String network) {}

  /** A container in it; addresses with their prefix length. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Member(
      String name,
      @JsonProperty("EndpointID") String endpointId,
      String macAddress,
      @JsonProperty("IPv4Address") String ipv4,
      @JsonProperty("IPv6Address") String ipv6) {}
}
