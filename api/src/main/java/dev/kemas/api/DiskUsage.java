package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Optional;

/** The answer to {@code GET /system/df}. Sizes in bytes. */
@JsonNaming(UpperCamelCaseStrategy.class)
public record DiskUsage(
    long layersSize,
    List<ImageSummary> images,
    List<ContainerSummary> containers,
    List<VolumeRecord> volumes,
    List<BuildCacheEntry> buildCache) {

  /** An entry of the build cache. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record BuildCacheEntry(
      @JsonProperty("ID") String id,
      String type,
      String description,
      boolean inUse,
      boolean shared,
      long size,
      String createdAt,
      Optional<String> lastUsedAt,
      int usageCount) {}
}
