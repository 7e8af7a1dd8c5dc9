package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * The body of {@code POST /volumes/create}.
 *
 * @param name empty: one is made up
 * @param driver empty: {@code local}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record VolumeRequest(
    @JsonProperty("Name") String name,
    @JsonProperty("Driver") String driver,
    @JsonProperty("DriverOpts") Map<String, String> driverOpts,
    @JsonProperty("Labels") Map<String, String> labels) {
  /** A nameless volume of the default driver. */
  public static final VolumeRequest ANONYMOUS = new VolumeRequest("", "", Map.of(), Map.of());

  public VolumeRequest {
    name = Absent.text(name);
    driver = Absent.text(driver);
    driverOpts = Absent.map(driverOpts);
    labels = Absent.map(labels);
  }
}
