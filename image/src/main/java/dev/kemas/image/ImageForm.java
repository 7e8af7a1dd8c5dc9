package dev.kemas.image;

import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How an image's documents are written where somebody asks for more than what is usual. The image
 * stays the same, its id too: another form is another manifest.
 *
 * @param layers the image's layers in other blobs, lowest first; empty for those it has
 * @param docker whether the documents have the types of Docker's schema 2
 * @param annotations of the manifest
 * @param entry annotations of the descriptor that leads to the manifest
 */
public record ImageForm(
    Optional<List<Layer>> layers,
    boolean docker,
    SortedMap<String, String> annotations,
    SortedMap<String, String> entry) {
  /** What is usual. */
  public static final ImageForm PLAIN =
      new ImageForm(Optional.empty(), false, new TreeMap<>(), new TreeMap<>());

  public ImageForm {
    layers = layers.map(List::copyOf);
    annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    entry = Collections.unmodifiableSortedMap(new TreeMap<>(entry));
  }

  /** Whether the manifest is the usual one. */
  boolean isPlain() {
    return layers.isEmpty() && !docker && annotations.isEmpty();
  }

  /** The manifest in this form. */
  Manifest manifest(Descriptor config, List<Layer> content) {
    Manifest oci =
        Manifest.oci(
            typed(config, docker ? MediaType.DOCKER_CONFIG : MediaType.OCI_CONFIG),
            content.stream().map(layer -> layer(layer.blob())).toList());
    return new Manifest(
        oci.schemaVersion(),
        Optional.of(type()),
        Optional.empty(),
        oci.config(),
        oci.layers(),
        Optional.empty(),
        annotations);
  }

  /** The manifest's type. */
  String type() {
    return docker ? MediaType.DOCKER_MANIFEST : MediaType.OCI_MANIFEST;
  }

  private Descriptor layer(Descriptor blob) {
    // foreign layers are known by their types
    if (!blob.urls().isEmpty()) {
      return blob;
    }
    return switch (LayerBlobs.compression(blob)) {
      case GZIP -> typed(blob, docker ? MediaType.DOCKER_LAYER_GZIP : MediaType.OCI_LAYER_GZIP);
      case NONE -> typed(blob, docker ? MediaType.DOCKER_LAYER : MediaType.OCI_LAYER);
      default -> blob;
    };
  }

  private static Descriptor typed(Descriptor of, String type) {
    return new Descriptor(
        type,
        of.digest(),
        of.size(),
        of.platform(),
        of.annotations(),
        of.urls(),
        of.artifactType());
  }
}
