package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container's connection to one network; texts are empty and numbers 0 while it is not up. */
@JsonNaming(UpperCamelCaseStrategy.class)
public record EndpointSettings(
    @JsonProperty("IPAMConfig") @JsonInclude(JsonInclude.Include.ALWAYS)
        Optional<Addresses> ipamConfig,
    List<String> links,
    List<String> aliases,
    String macAddress,
    Map<String, String> driverOpts,
    int gwPriority,
    @JsonProperty("NetworkID") String networkId,
    @JsonProperty("EndpointID") String endpointId,
    String gateway,
    @JsonProperty("IPAddress") String ipAddress,
    @JsonProperty("IPPrefixLen") int ipPrefixLen,
    @JsonProperty("IPv6Gateway") String ipv6Gateway,
    @JsonProperty("GlobalIPv6Address") String globalIpv6Address,
    @JsonProperty("GlobalIPv6PrefixLen") int globalIpv6PrefixLen,
    @JsonProperty("DNSNames") List<String> dnsNames) {

  /** The addresses that were asked for. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Addresses(
      @JsonProperty("IPv4Address") String ipv4,
      @JsonProperty("IPv6Address") String ipv6,
      @JsonProperty("LinkLocalIPs") List<String> linkLocal) {}
}
