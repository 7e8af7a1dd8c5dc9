package dev.kemas.oci;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A list of manifests, one a platform (image-spec, image-index.md). */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Index(
    int schemaVersion,
    Optional<String> mediaType,
    Optional<String> artifactType,
    List<Descriptor> manifests,
    Optional<Descriptor> subject,
    Map<String, String> annotations) {

  public Index {
    manifests = manifests == null ? List.of() : List.copyOf(manifests);
    // in one order, so that the same content is written as the same bytes by every process
    annotations =
        annotations == null
            ? Map.of()
            : Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(annotations)));
  }

  /** An OCI index of these manifests. */
  public static Index oci(List<Descriptor> manifests) {
    return new Index(
        2,
        Optional.of(MediaType.OCI_INDEX),
        Optional.empty(),
        manifests,
        Optional.empty(),
        Map.of());
  }
}
