package dev.kemas.oci;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
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
