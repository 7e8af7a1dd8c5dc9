package dev.kemas.build;

import dev.kemas.image.Image;
import dev.kemas.image.Progress;
import dev.kemas.oci.Platform;
import java.util.Optional;

/** Finds images to build upon. Called from several threads at once. */
@FunctionalInterface
public interface Bases {

  /**
   * The image of that name; pulled when it is not here. Layers need not be unpacked yet.
   *
   * @param name as the Dockerfile has it: a reference, or an id of an image that is here
   * @param request who asks: whether newer images are wanted, and with which logins
   * @param progress told of a pull's progress; throws when the build is over
   * @throws dev.kemas.fault.Fault.NotFound when there is none
   */
  Image find(String name, Platform platform, BuildRequest request, Progress progress);

  /** The image of that name if it is here and for that platform; never pulled. */
  default Optional<Image> here(String name, Platform platform) {
    return Optional.empty();
  }
}
