package dev.kemas.build;

import dev.kemas.image.Image;
import dev.kemas.image.Layer;
import dev.kemas.oci.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a vertex turned out to be.
 *
 * @param base the image at the bottom; empty for scratch
 * @param layers all of them, those of the base first
 */
record FileSystem(Optional<Image> base, List<Layer> layers) implements StepInput {
  FileSystem {
    layers = List.copyOf(layers);
  }

  static FileSystem of(Optional<Image> base) {
    return new FileSystem(base, base.map(Image::layers).orElse(List.of()));
  }

  /** Its name; empty when it is empty. */
  Optional<Digest> chainId() {
    return layers.isEmpty() ? Optional.empty() : Optional.of(layers.getLast().chainId());
  }

  /** Whether it is nothing but its base. */
  boolean isBase() {
    return layers.size() == base.map(image -> image.layers().size()).orElse(0);
  }

  FileSystem with(Optional<Layer> layer) {
    if (layer.isEmpty()) {
      return this;
    }
    List<Layer> more = new ArrayList<>(layers);
    more.add(layer.get());
    return new FileSystem(base, more);
  }
}
