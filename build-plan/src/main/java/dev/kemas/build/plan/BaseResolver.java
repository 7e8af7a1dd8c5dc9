package dev.kemas.build.plan;

import dev.kemas.image.Image;

/** Finds the images that a Dockerfile names. */
@FunctionalInterface
public interface BaseResolver {
  /**
   * The image.
   *
   * @throws dev.kemas.fault.Fault.NotFound when there is none and none can be pulled
   */
  Image resolve(BaseRequest request);
}
