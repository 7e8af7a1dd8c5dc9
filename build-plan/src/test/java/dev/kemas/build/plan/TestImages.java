package dev.kemas.build.plan;

import dev.kemas.image.Image;
import dev.kemas.image.Layer;
import dev.kemas.oci.ChainId;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Images out of nothing but their configuration. */
public final class TestImages {
  private TestImages() {}

  /** The image with this configuration; its layers are nowhere. */
  public static Image of(String config) {
    ImageConfig parsed = Json.read(config, ImageConfig.class, "configuration");
    List<Layer> layers = new ArrayList<>();
    Optional<Digest> chain = Optional.empty();
    for (Digest diffId : parsed.rootfs().diffIds()) {
      chain = Optional.of(ChainId.of(chain, diffId));
      layers.add(new Layer(diffId, chain.get(), Descriptor.of(MediaType.OCI_LAYER, diffId, 1), 1));
    }
    return of(Digest.of(config.getBytes(StandardCharsets.UTF_8)), parsed, layers);
  }

  /** The image of these parts. */
  public static Image of(Digest id, ImageConfig config, List<Layer> layers) {
    return new Image(
        id,
        config,
        layers,
        Descriptor.of(MediaType.OCI_MANIFEST, id, 1),
        Optional.empty(),
        List.of(),
        List.of(),
        Instant.EPOCH,
        Optional.empty());
  }
}
