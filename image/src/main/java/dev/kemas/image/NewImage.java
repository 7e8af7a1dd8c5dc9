package dev.kemas.image;

import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Reference;
import java.util.List;
import java.util.Optional;

/**
 * An image to be recorded.
 *
 * @param config its configuration; {@code rootfs} is filled in from the layers
 * @param layers lowest first, each made by {@link Layers} or taken from another image
 * @param parent the image it was made on; removal of that one is refused while this one is there
 * @param tags names to give it, taken from whoever has them
 */
public record NewImage(
    ImageConfig config, List<Layer> layers, Optional<Digest> parent, List<Reference> tags) {
  public NewImage {
    layers = List.copyOf(layers);
    tags = List.copyOf(tags);
  }
}
