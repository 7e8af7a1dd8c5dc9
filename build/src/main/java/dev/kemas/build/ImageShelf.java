package dev.kemas.build;

import dev.kemas.image.Image;
import dev.kemas.image.ImageIndexes;
import dev.kemas.image.ImageService;
import dev.kemas.image.Images;
import dev.kemas.image.NewImage;
import dev.kemas.image.PlatformImage;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import java.util.List;
import java.util.Optional;

/** {@link ImageSink} into the engine's images. */
public final class ImageShelf implements ImageSink {
  private final Images images;
  private final ImageIndexes indexes;

  /** Puts images there. */
  public ImageShelf(ImageService service) {
    this.images = service.images();
    this.indexes = service.indexes();
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
      // a name may stand for a list that this image is of
      if (!known.tags().contains(tag) || indexes.find(tag).isPresent()) {
        known = images.tag(known.id().toString(), tag);
      }
    }
    return known;
  }

  @Override
  public Image add(List<PlatformImage> parts, List<Reference> names) {
    return indexes.add(parts, names);
  }

  @Override
  public void tag(Digest image, Reference name) {
    images.tag(image.toString(), name);
  }
}
