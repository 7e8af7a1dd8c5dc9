package dev.kemas.build.cache;

import dev.kemas.build.BuildRequest;
import dev.kemas.build.CacheIndex;
import dev.kemas.build.CacheSource;
import dev.kemas.build.Cancellation;
import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.image.ImageService;
import dev.kemas.image.Layer;
import dev.kemas.oci.Digest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The cache in the configuration of an image by name: of one that is here, whose layers are here,
 * too; else of the one that its registry has.
 */
record ImageCache(String name, ImageService images, CacheSource remote) implements CacheSource {
  @Override
  public String title() {
    return "importing cache manifest from " + name;
  }

  @Override
  public Imported open(BuildRequest.Logins logins, Cancellation cancelled) {
    Optional<Image> here = here();
    Optional<String> cache = here.flatMap(image -> image.config().inlineCache());
    if (here.isEmpty() || cache.isEmpty()) {
      return remote.open(logins, cancelled);
    }
    try {
      CacheConfig config = CacheConfig.read(Base64.getDecoder().decode(cache.get()), name);
      return new Here(name, own(here.get(), config.entries()));
    } catch (IllegalArgumentException e) {
      throw new Fault.DataLoss("the build cache in " + name + " is damaged", e);
    }
  }

  /** With the image's own layers: how they are packed here may differ from how they were sent. */
  private static Map<Digest, CacheIndex.Entry> own(
      Image image, Map<Digest, CacheIndex.Entry> entries) {
    Map<Digest, Layer> layers = new HashMap<>();
    image.layers().forEach(layer -> layers.put(layer.chainId(), layer));
    Map<Digest, CacheIndex.Entry> own = new HashMap<>();
    entries.forEach((key, entry) -> {
      Optional<Layer> layer = entry.layer().map(said -> layers.get(said.chainId()));
      if (layer.isPresent() == entry.layer().isPresent()) {
        own.put(key, new CacheIndex.Entry(layer, entry.created(), entry.same()));
      }
    });
    return own;
  }

  private Optional<Image> here() {
    try {
      return Optional.of(images.images().get(name));
    } catch (Fault.NotFound e) {
      return Optional.empty();
    }
  }

  private record Here(String name, Map<Digest, CacheIndex.Entry> entries) implements Imported {
    @Override
    public Optional<CacheIndex.Entry> find(Digest key) {
      return Optional.ofNullable(entries.get(key));
    }

    @Override
    public void fetch(Layer layer, Optional<Digest> parent) {
      throw new Fault.Unavailable(
          "layer %s of the image %s was removed while it was built upon"
              .formatted(layer.diffId(), name));
    }
  }
}
