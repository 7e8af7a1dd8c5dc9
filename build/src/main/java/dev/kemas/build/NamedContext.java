package dev.kemas.build;

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

  /** Files. */
  record Files(Context context) implements NamedContext {}
}
