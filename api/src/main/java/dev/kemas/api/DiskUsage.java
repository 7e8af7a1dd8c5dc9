package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Optional;

/**
 * The answer to {@code GET /system/df}. Sizes are bytes on the disk. Absent is what was not asked
 * for.
 *
 * @param layersSize blobs and layers of all images, each once
 */
@JsonNaming(UpperCamelCaseStrategy.class)
public record DiskUsage(
    long layersSize,
    Optional<List<ImageSummary>> images,
    Optional<List<ContainerSummary>> containers,
    Optional<List<VolumeRecord>> volumes,
    Optional<List<BuildCacheEntry>> buildCache) {

  /** What can be asked for by {@code type}. */
  public enum Kind {
    CONTAINER,
    IMAGE,
    VOLUME,
    BUILD_CACHE;

    /**
     * By its word in a request.
     *
     * @throws Fault.InvalidArgument {@code unknown object type: X}, as Docker says it
     */
    public static Kind of(String word) {
      return switch (word) {
        case "container" -> CONTAINER;
        case "image" -> IMAGE;
        case "volume" -> VOLUME;
        case "build-cache" -> BUILD_CACHE;
        default -> throw new Fault.InvalidArgument("unknown object type: " + word);
      };
    }
  }

  /**
   * An entry of the build cache.
   *
   * @param parents what it is built upon; absent where that is nothing of the cache
   * @param type one of the words of BuildKit: {@code regular}, {@code source.local}, ...
   * @param shared whether its bytes are counted elsewhere, with an image say
   * @param createdAt RFC 3339
   * @param lastUsedAt RFC 3339
   */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record BuildCacheEntry(
      @JsonProperty("ID") String id,
      Optional<List<String>> parents,
      String type,
      String description,
      boolean inUse,
      boolean shared,
      long size,
      String createdAt,
      Optional<String> lastUsedAt,
      long usageCount) {}
}
