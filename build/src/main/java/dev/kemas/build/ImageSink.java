package dev.kemas.build;

import dev.kemas.image.Image;
import dev.kemas.image.NewImage;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;

/** Takes the finished image. Called from several threads at once. */
public interface ImageSink {

  /** Records an image with its names; both become visible at once. */
  Image add(NewImage image);

  /** Gives an image that is here a name, taking it from another one that has it. */
  void tag(Digest image, Reference name);
}
