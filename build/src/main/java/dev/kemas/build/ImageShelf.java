package dev.kemas.build;

import dev.kemas.image.Image;
import dev.kemas.image.Images;
import dev.kemas.image.NewImage;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;

/** {@link ImageSink} into the engine's images. */
public final class ImageShelf implements ImageSink {
  private final Images images;

  /** Puts images there. */
  public ImageShelf(Images images) {
    this.images = images;
  }

  @Override
  public Image add(NewImage image) {
    return images.add(image);
  }

  @Override
  public void tag(Digest image, Reference name) {
    images.tag(image.toString(), name);
  }
}
