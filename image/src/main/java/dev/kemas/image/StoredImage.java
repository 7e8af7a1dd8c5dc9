package dev.kemas.image;

import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The durable record of an image. Its names are kept beside it, so that one name has one owner.
 *
 * @param fromRegistry whether manifest and blobs are those of a registry
 * @param formed whether its manifest is written as somebody asked, and is to stay so
 */
record StoredImage(
    Digest id,
    Descriptor config,
    Descriptor manifest,
    List<Layer> layers,
    Optional<Digest> parent,
    Instant addedAt,
    Optional<Instant> taggedAt,
    boolean fromRegistry,
    boolean formed) {
  StoredImage {
    layers = List.copyOf(layers);
  }

  StoredImage withTaggedAt(Instant when) {
    return new StoredImage(
        id, config, manifest, layers, parent, addedAt, Optional.of(when), fromRegistry, formed);
  }

  /** The same image with what another copy of it was kept in. */
  StoredImage withContentOf(StoredImage other) {
    return new StoredImage(
        id,
        config,
        other.manifest,
        other.layers,
        parent,
        addedAt,
        taggedAt,
        other.fromRegistry,
        other.formed);
  }
}
