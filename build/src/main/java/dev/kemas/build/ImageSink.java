package dev.kemas.build;

import dev.kemas.image.Image;
import dev.kemas.image.NewImage;
import dev.kemas.image.PlatformImage;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.util.List;

/** Takes the finished image. Called from several threads at once. */
public interface ImageSink {

  /** Records an image with its names; both become visible at once. */
  Image add(NewImage image);

  /**
   * Records images, with what is said of them, as one list under these names; all become visible at
   * once.
   *
   * @return the image that this machine would run
   */
  Image add(List<PlatformImage> images, List<Reference> names);

  /** Gives an image that is here a name, taking it from another one that has it. */
  void tag(Digest image, Reference name);
}
