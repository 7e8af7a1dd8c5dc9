package dev.kemas.container;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The networks a new container joins (Engine API, {@code NetworkingConfig}).
 *
 * @param endpoints a network's name or id to what is asked of it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record NetworkingConfig(
    @JsonProperty("EndpointsConfig") SortedMap<String, EndpointRequest> endpoints) {

  /** No network beyond the host configuration's network mode. */
  public static final NetworkingConfig NONE = new NetworkingConfig(Absent.map(null));

  public NetworkingConfig {
    endpoints = Absent.map(endpoints);
  }

  /** What a container asks of one network. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record EndpointRequest(
      @JsonProperty("IPAMConfig") Optional<Addresses> addresses,
      @JsonProperty("Links") List<String> links,
      @JsonProperty("Aliases") List<String> aliases,
      @JsonProperty("MacAddress") String macAddress,
      @JsonProperty("DriverOpts") SortedMap<String, String> driverOpts,
      @JsonProperty("GwPriority") int gatewayPriority) {
    /** Everything left to the network. */
    public static final EndpointRequest DEFAULT =
        new EndpointRequest(Optional.empty(), List.of(), List.of(), "", Absent.map(null), 0);

    public EndpointRequest {
      links = Absent.list(links);
      aliases = Absent.list(aliases);
      macAddress = Absent.text(macAddress);
      driverOpts = Absent.map(driverOpts);
    }
  }

  /** Fixed addresses; empty texts leave the choice to the network. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Addresses(
      @JsonProperty("IPv4Address") String ipv4,
      @JsonProperty("IPv6Address") String ipv6,
      @JsonProperty("LinkLocalIPs") List<String> linkLocal) {
    public Addresses {
      ipv4 = Absent.text(ipv4);
      ipv6 = Absent.text(ipv6);
      linkLocal = Absent.list(linkLocal);
    }
  }
}
