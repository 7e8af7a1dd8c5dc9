package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;

/** The answer to {@code GET /version}. */
@JsonNaming(UpperCamelCaseStrategy.class)
public record SystemVersion(
    Platform platform,
    List<Component> components,
    String version,
    String apiVersion,
    @JsonProperty("MinAPIVersion") String minApiVersion,
    String gitCommit,
    String goVersion,
    String os,
    String arch,
    String kernelVersion,
    String buildTime) {

  /** The product. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Platform(String name) {}

  /** A part of it: the engine, the runtime, ... */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Component(String name, String version, Map<String, String> details) {}
}
