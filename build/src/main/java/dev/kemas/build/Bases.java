package dev.kemas.build;

import dev.kemas.image.Image;
import dev.kemas.oci.Platform;

/** Finds images to build upon. Called from several threads at once. */
@FunctionalInterface
public interface Bases {

  /**
   * The image of that name; pulled when it is not here. Layers need not be unpacked yet.
   *
   * @param name as the Dockerfile has it: a reference, or an id of an image that is here
   * @param pull whether to ask the registry for a newer one although it is here
   * @param progress told of a pull's progress
   * @throws dev.kemas.fault.Fault.NotFound when there is none
   */
  Image find(
      String name, Platform platform, boolean pull, BuildProgress progress, Cancellation cancelled);
}
