package dev.kemas.build.plan;

import dev.kemas.oci.ImageConfig;
import java.util.OptionalInt;

/** One line of the history of the image to be. */
public sealed interface HistoryItem {
  /** Taken over from the base image. */
  record Inherited(ImageConfig.History entry) implements HistoryItem {}

  /**
   * Made by this build. Told apart by identity: two steps may say the same.
   *
   * @param vertex whose layer it describes; empty for metadata
   */
  record Made(String createdBy, String author, OptionalInt vertex) implements HistoryItem {}
}
