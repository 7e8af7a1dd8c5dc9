package dev.kemas.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A volume.
 *
 * @param createdAt RFC 3339
 * @param usageData only where sizes are asked for
 */
@JsonNaming(UpperCamelCaseStrategy.class)
public record VolumeRecord(
    String createdAt,
    String driver,
    SortedMap<String, String> labels,
    String mountpoint,
    String name,
    SortedMap<String, String> options,
    String scope,
    Optional<UsageData> usageData) {

  /** Bytes, and how many containers refer to it. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record UsageData(long size, long refCount) {}
}
