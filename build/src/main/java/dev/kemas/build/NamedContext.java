package dev.kemas.build;

import dev.kemas.oci.Platform;

/**
 * What a build calls by a name besides its stages: {@code --build-context name=…}. It stands where
 * an image or a stage of that name would: in FROM, in {@code --from}.
 */
public sealed interface NamedContext {

  /**
   * An image under another name.
   *
   * @param reference as FROM would have it
   */
  record Image(String reference) implements NamedContext {}

  /**
   * An image that is neither here nor in a registry.
   *
   * @param name what it is called where it is shown; the same name is the same image
   */
  record Stored(String name, Origin origin) implements NamedContext {}

  /** Files. */
  record Files(Context context) implements NamedContext {}

  /** Where a {@link Stored} image comes from. Called from several threads at once. */
  @FunctionalInterface
  interface Origin {
    /**
     * Has the image come, unless it is here.
     *
     * @throws dev.kemas.fault.Fault.NotFound when there is none for that platform
     * @throws dev.kemas.fault.Fault.DataLoss when it is not what its digest says
     */
    dev.kemas.image.Image fetch(Platform platform, TaskProgress progress, Cancellation cancelled);
  }
}
