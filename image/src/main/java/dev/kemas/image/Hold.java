package dev.kemas.image;

/**
 * Keeps layers and blobs from being collected while something is made of them that no image and no
 * other root names yet. Made by {@link Layers#hold}. Close it once what needs them for good is
 * recorded. Thread-safe; it lives in memory only, as the work it stands for does.
 */
public final class Hold implements AutoCloseable {
  Hold() {}

  /** Keeps a layer with all below it, and its blob. */
  public void keep(Layer layer) {
    throw new dev.kemas.fault.Fault.Unsupported("images are not there yet");
  }

  /** Gives all up; a second call does nothing. */
  @Override
  public void close() {}
}
