package dev.kemas.build.graph;

import dev.kemas.oci.ChainId;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import java.util.List;
import java.util.Optional;

/**
 * An image to build upon.
 *
 * @param id the image id, the digest of its configuration
 * @param layers the descriptors of its layers as the manifest has them, lowest first
 */
public record BaseImage(Digest id, ImageConfig config, List<Descriptor> layers) {
  public BaseImage {
    layers = List.copyOf(layers);
  }

  /** The name of its whole file system; empty when it has no layer. */
  public Optional<Digest> chainId() {
    return ChainId.of(config.rootfs().diffIds());
  }
}
