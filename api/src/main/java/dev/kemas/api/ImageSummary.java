package dev.kemas.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.kemas.oci.Descriptor;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A line of {@code GET /images/json}.
 *
 * @param created seconds since 1970
 * @param size bytes
 * @param sharedSize bytes shared with other images; -1: not counted
 * @param containers how many use it; -1: not counted
 * @param descriptor of the manifest; only where manifests are asked for
 * @param manifests only where they are asked for
 */
@JsonNaming(UpperCamelCaseStrategy.class)
public record ImageSummary(
    String id,
    String parentId,
    List<String> repoTags,
    List<String> repoDigests,
    long created,
    long size,
    long sharedSize,
    SortedMap<String, String> labels,
    int containers,
    Optional<Descriptor> descriptor,
    Optional<List<ManifestSummary>> manifests) {

  /** The same with sizes that were counted otherwise. */
  public ImageSummary withSizes(long bytes, long shared) {
    return new ImageSummary(
        id,
        parentId,
        repoTags,
        repoDigests,
        created,
        bytes,
        shared,
        labels,
        containers,
        descriptor,
        manifests);
  }

  /** The same with its manifests and how many containers use it. */
  public ImageSummary withManifests(
      Descriptor named, List<ManifestSummary> all, int containersOfAll) {
    return new ImageSummary(
        id,
        parentId,
        repoTags,
        repoDigests,
        created,
        size,
        sharedSize,
        labels,
        containersOfAll,
        Optional.of(named),
        Optional.of(all));
  }
}
