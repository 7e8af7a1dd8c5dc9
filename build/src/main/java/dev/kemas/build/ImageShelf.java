package dev.kemas.build;

import dev.kemas.image.Image;
import dev.kemas.image.Images;
import dev.kemas.image.NewImage;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import java.util.Optional;

/** {@link ImageSink} into the engine's images. */
public final class ImageShelf implements ImageSink {
  private final Images images;

  /** Puts images there. */
  public ImageShelf(Images images) {
    this.images = images;
  }

  /** Of a build that was done before nothing is written: its configuration has the same digest. */
  @Override
  public Image add(NewImage image) {
    Optional<Image> here = images.find(Digest.of(Json.write(image.config())));
    if (here.isEmpty()) {
      return images.add(image);
    }
    Image known = here.get();
    for (Reference tag : image.tags()) {
      if (!known.tags().contains(tag)) {
        known = images.tag(known.id().toString(), tag);
      }
    }
    return known;
  }

  @Override
  public void tag(Digest image, Reference name) {
    images.tag(image.toString(), name);
  }
}
