package dev.kemas.build;

import dev.kemas.image.Image;
import dev.kemas.image.ImageIndexes;
import dev.kemas.image.ImageList;
import dev.kemas.image.ImageService;
import dev.kemas.image.Images;
import dev.kemas.image.NewImage;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
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
    // one that somebody wanted in a form of its own is wanted as usual now
    if (here.isEmpty() || images.isFormed(here.get().id())) {
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
  public ImageIndexes.Added add(ImageList list, ImageIndexes.Names names) {
    return indexes.add(list, names);
  }

  @Override
  public void tag(Digest image, Reference name) {
    images.tag(image.toString(), name);
  }
}
