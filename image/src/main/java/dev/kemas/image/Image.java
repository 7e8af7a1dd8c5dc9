package dev.kemas.image;

import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Reference;
import dev.kemas.snapshot.SnapshotName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An image as it was at the moment of asking. Immutable: ask {@link Images} again to see changes.
 *
 * @param id digest of the configuration
 * @param config the configuration
 * @param layers lowest first
 * @param manifest the manifest that names configuration and layers, in the blob store; the one of
 *     the registry or archive where there was one, so that a push or a save gives the same digest
 * @param parent the image that this one was built or committed on, here
 * @param tags names with a tag, sorted; empty for a dangling image
 * @param digests names with the digest of a manifest, from a registry, sorted
 * @param addedAt when it came into this store
 * @param taggedAt when it was given a tag last
 */
public record Image(
    Digest id,
    ImageConfig config,
    List<Layer> layers,
    Descriptor manifest,
    Optional<Digest> parent,
    List<Reference> tags,
    List<Reference> digests,
    Instant addedAt,
    Optional<Instant> taggedAt) {
  public Image {
    layers = List.copyOf(layers);
    tags = List.copyOf(tags);
    digests = List.copyOf(digests);
  }

  /** Bytes of the files in all layers. */
  public long size() {
    return layers.stream().mapToLong(Layer::size).sum();
  }

  /** The committed snapshot that a container starts on; empty for an image without layers. */
  public Optional<SnapshotName> snapshot() {
    return layers.isEmpty()
        ? Optional.empty()
        : Optional.of(SnapshotName.of(layers.getLast().chainId()));
  }

  /** Whether no tag and no registry's digest names it. */
  public boolean dangling() {
    return tags.isEmpty() && digests.isEmpty();
  }
}
