package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The body of {@code POST /networks/create}.
 *
 * @param driver empty: {@code bridge}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record NetworkRequest(
    @JsonProperty("Name") String name,
    @JsonProperty("Driver") String driver,
    @JsonProperty("Scope") String scope,
    @JsonProperty("Internal") boolean internal,
    @JsonProperty("Attachable") boolean attachable,
    @JsonProperty("Ingress") boolean ingress,
    @JsonProperty("ConfigOnly") boolean configOnly,
    @JsonProperty("EnableIPv4") Optional<Boolean> enableIpv4,
    @JsonProperty("EnableIPv6") Optional<Boolean> enableIpv6,
    @JsonProperty("IPAM") Optional<Ipam> ipam,
    @JsonProperty("Options") Map<String, String> options,
    @JsonProperty("Labels") Map<String, String> labels) {
  public NetworkRequest {
    name = Absent.text(name);
    driver = Absent.text(driver);
    scope = Absent.text(scope);
    options = Absent.map(options);
    labels = Absent.map(labels);
  }

  /** Where its addresses shall come from. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Ipam(
      @JsonProperty("Driver") String driver, @JsonProperty("Config") List<Range> config) {
    public Ipam {
      driver = Absent.text(driver);
      config = Absent.list(config);
    }
  }

  /** One subnet; empty texts leave the choice to the engine. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Range(
      @JsonProperty("Subnet") String subnet,
      @JsonProperty("IPRange") String ipRange,
      @JsonProperty("Gateway") String gateway,
      @JsonProperty("AuxiliaryAddresses") Map<String, String> auxiliaryAddresses) {
    public Range {
      subnet = Absent.text(subnet);
      ipRange = Absent.text(ipRange);
      gateway = Absent.text(gateway);
      auxiliaryAddresses = Absent.map(auxiliaryAddresses);
    }
  }
}
