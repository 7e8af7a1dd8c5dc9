package dev.kemas.build;

import dev.kemas.image.Image;
import dev.kemas.image.ImageIndexes;
import dev.kemas.image.ImageList;
import dev.kemas.image.NewImage;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;

/** Takes the finished image. Called from several threads at once. */
public interface ImageSink {

  /** Records an image with its names; both become visible at once. */
  Image add(NewImage image);

  /**
   * Records images, with what is said of them, under these names; all become visible at once. Only
   * a single image of which nothing is said is recorded without a list.
   */
  ImageIndexes.Added add(ImageList images, ImageIndexes.Names names);

  /** Gives an image that is here a name, taking it from another one that has it. */
  void tag(Digest image, Reference name);
}
