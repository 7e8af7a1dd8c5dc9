package dev.kemas.image;

import java.util.Locale;
import java.util.Map;

/**
 * Something happened to an image, for {@code docker events}.
 *
 * @param action what
 * @param actor the image's id, or the name that was pulled
 * @param attributes {@code name} and the image's labels
 */
public record ImageEvent(Action action, String actor, Map<String, String> attributes) {
  public ImageEvent {
    attributes = Map.copyOf(attributes);
  }

  /** What can happen. */
  public enum Action {
    PULL,
    PUSH,
    LOAD,
    SAVE,
    IMPORT,
    CREATE,
    TAG,
    UNTAG,
    DELETE,
    PRUNE;

    /** The word of the API. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
