package dev.kemas.build;

import dev.kemas.build.plan.Plan;
import dev.kemas.image.Image;
import dev.kemas.image.NewImage;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Platform;
import java.util.Optional;

/**
 * What a build made for one platform: an image's configuration and layers, kept from being
 * collected while the build's {@link Export exports} run.
 *
 * @param platform that was asked for
 * @param image its configuration and layers, without names
 * @param unchanged the image that is here and that the target is nothing but another name of
 * @param plan what was done
 */
public record Built(Platform platform, NewImage image, Optional<Image> unchanged, Plan plan) {

  /** The image's id: the digest of its configuration. */
  public Digest id() {
    return unchanged.map(Image::id).orElseGet(() -> Digest.of(Json.write(image.config())));
  }

  /** The name of its whole file system; empty when it has no layer. */
  public Optional<Digest> chainId() {
    return image.layers().isEmpty()
        ? Optional.empty()
        : Optional.of(image.layers().getLast().chainId());
  }
}
