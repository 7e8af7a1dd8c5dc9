package dev.kemas.snapshot;

import java.nio.file.Path;
import java.util.Optional;

/** Where the difference between a snapshot and its parent is to be found. */
public sealed interface Changes {
  /**
   * A folder that holds the changed entries and nothing else, removals in the form of {@link
   * WhiteoutFormat#OVERLAY}, and every folder above a changed entry.
   *
   * @param upper the folder
   */
  record OverlayUpper(Path upper) implements Changes {}

  /**
   * Two whole trees to be compared.
   *
   * @param lower the parent's; empty when there is none, so that everything is new
   * @param upper the snapshot's
   */
  record Trees(Optional<Path> lower, Path upper) implements Changes {}
}
