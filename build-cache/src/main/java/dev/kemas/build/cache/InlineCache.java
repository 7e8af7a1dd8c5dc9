package dev.kemas.build.cache;

import dev.kemas.build.CacheTarget;
import dev.kemas.image.Hold;
import dev.kemas.image.ImageService;
import dev.kemas.image.Layer;
import dev.kemas.image.NewImage;
import dev.kemas.oci.Digest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A cache in the image's own configuration; its layers travel with the image. */
final class InlineCache implements CacheTarget {
  private final ImageService images;

  InlineCache(ImageService images) {
    this.images = images;
  }

  @Override
  public String title() {
    return "preparing inline cache";
  }

  @Override
  public NewImage into(NewImage image, List<Step> steps) {
    Set<Digest> chains = image.layers().stream().map(Layer::chainId).collect(Collectors.toSet());
    try (Hold hold = images.layers().hold(title())) {
      CacheConfig config =
          CacheConfig.of(
              CacheExport.ofResults(steps, chains),
              // a push packs them, and packs the same to the same
              layer -> images.exchange().packed(hold, layer));
      String text = Base64.getEncoder().encodeToString(config.bytes());
      return new NewImage(
          image.config().withInlineCache(text), image.layers(), image.parent(), image.tags());
    }
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    delivery.progress().say("the cache is in the image's configuration");
    return Map.of();
  }
}
