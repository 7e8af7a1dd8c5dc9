package dev.kemas.oci;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The manifest of one image: its configuration and its layers (image-spec, manifest.md). */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Manifest(
    int schemaVersion,
    Optional<String> mediaType,
    Optional<String> artifactType,
    Descriptor config,
    List<Descriptor> layers,
    Optional<Descriptor> subject,
    Map<String, String> annotations) {

  public Manifest {
    layers = layers == null ? List.of() : List.copyOf(layers);
    annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
  }

  /** An OCI image manifest of this configuration and these layers, lowest first. */
  public static Manifest oci(Descriptor config, List<Descriptor> layers) {
    return new Manifest(
        2,
        Optional.of(MediaType.OCI_MANIFEST),
        Optional.empty(),
        config,
        layers,
        Optional.empty(),
        Map.of());
  }
}
