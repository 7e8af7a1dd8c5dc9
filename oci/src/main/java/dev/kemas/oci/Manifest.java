package dev.kemas.oci;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
    // in one order, so that the same content is written as the same bytes by every process
    annotations =
        annotations == null
            ? Map.of()
            : Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(annotations)));
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
