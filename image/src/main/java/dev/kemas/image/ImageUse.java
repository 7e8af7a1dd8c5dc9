package dev.kemas.image;

import dev.kemas.oci.Digest;
import java.util.List;

/** Who uses an image; answered by the owner of the containers, from its records, at once. */
@FunctionalInterface
public interface ImageUse {
  /**
   * A container of an image.
   *
   * @param containerId its whole id
   * @param running whether it runs, is paused or restarts: such a container keeps its image even
   *     from a forced removal
   */
  record User(String containerId, boolean running) {}

  /** The containers made of this image. */
  List<User> usersOf(Digest image);
}
