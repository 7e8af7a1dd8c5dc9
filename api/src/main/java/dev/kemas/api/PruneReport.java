package dev.kemas.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a prune removed; only the field of the resource is there.
 *
 * @param spaceReclaimed bytes; absent for networks
 */
@JsonNaming(UpperCamelCaseStrategy.class)
public record PruneReport(
    Optional<List<String>> containersDeleted,
    Optional<List<ImageDeleted>> imagesDeleted,
    Optional<List<String>> volumesDeleted,
    Optional<List<String>> networksDeleted,
    Optional<List<String>> cachesDeleted,
    OptionalLong spaceReclaimed) {

  private static final PruneReport NOTHING =
      new PruneReport(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty());

  /** Containers by id. */
  public static PruneReport containers(List<String> ids, long bytes) {
    return new PruneReport(
        Optional.of(ids),
        NOTHING.imagesDeleted,
        NOTHING.volumesDeleted,
        NOTHING.networksDeleted,
        NOTHING.cachesDeleted,
        OptionalLong.of(bytes));
  }

  /** Images and references. */
  public static PruneReport images(List<ImageDeleted> images, long bytes) {
    return new PruneReport(
        NOTHING.containersDeleted,
        Optional.of(images),
        NOTHING.volumesDeleted,
        NOTHING.networksDeleted,
        NOTHING.cachesDeleted,
        OptionalLong.of(bytes));
  }

  /** Volumes by name. */
  public static PruneReport volumes(List<String> names, long bytes) {
    return new PruneReport(
        NOTHING.containersDeleted,
        NOTHING.imagesDeleted,
        Optional.of(names),
        NOTHING.networksDeleted,
        NOTHING.cachesDeleted,
        OptionalLong.of(bytes));
  }

  /** Networks by name. */
  public static PruneReport networks(List<String> names) {
    return new PruneReport(
        NOTHING.containersDeleted,
        NOTHING.imagesDeleted,
        NOTHING.volumesDeleted,
        Optional.of(names),
        NOTHING.cachesDeleted,
        OptionalLong.empty());
  }

  /** Entries of the build cache by id. */
  public static PruneReport caches(List<String> ids, long bytes) {
    return new PruneReport(
        NOTHING.containersDeleted,
        NOTHING.imagesDeleted,
        NOTHING.volumesDeleted,
        NOTHING.networksDeleted,
        Optional.of(ids),
        OptionalLong.of(bytes));
  }
}
