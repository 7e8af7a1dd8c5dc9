package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Something that happened. The first three fields are those of old clients and are there for events
 * of containers and images only.
 *
 * @param time seconds since 1970
 * @param timeNano nanoseconds since 1970
 */
public record EventMessage(
    Optional<String> status,
    Optional<String> id,
    Optional<String> from,
    @JsonProperty("Type") String type,
    @JsonProperty("Action") String action,
    @JsonProperty("Actor") Actor actor,
    String scope,
    long time,
    long timeNano) {

  /** What it happened to. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Actor(@JsonProperty("ID") String id, SortedMap<String, String> attributes) {}
}
