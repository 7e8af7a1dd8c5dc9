package dev.kemas.build;

import dev.kemas.build.graph.BaseImage;
import dev.kemas.oci.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a vertex turned out to be.
 *
 * @param base the image at the bottom; empty for scratch
 * @param layers made by builds upon it, lowest first
 */
record FileSystem(Optional<BaseImage> base, List<Layer> layers) {
  FileSystem {
    layers = List.copyOf(layers);
  }

  /** Its name; empty when it is empty. */
  Optional<Digest> chainId() {
    return layers.isEmpty()
        ? base.flatMap(BaseImage::chainId)
        : Optional.of(layers.getLast().chainId());
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
