package dev.kemas.build.plan;

import dev.kemas.image.Image;
import dev.kemas.oci.ProcessDefaults;
import java.util.List;
import java.util.Optional;

/**
 * A stage that the target needs.
 *
 * @param index its number in the Dockerfile
 * @param label its name, or the number
 * @param parent the number of the stage that FROM names, if it names one
 * @param steps in order, the first is FROM
 * @param triggers how many steps after FROM are ONBUILD triggers of the base
 * @param vertex its file system
 * @param base the image below all of it, that of the stage it was made from included; empty for
 *     scratch
 * @param config of an image of it
 * @param author who MAINTAINER says, empty if nobody
 * @param history oldest first
 */
public record PlannedStage(
    int index,
    String label,
    Optional<Integer> parent,
    List<Step> steps,
    int triggers,
    int vertex,
    Optional<Image> base,
    ProcessDefaults config,
    String author,
    List<HistoryItem> history) {
  public PlannedStage {
    steps = List.copyOf(steps);
    history = List.copyOf(history);
  }

  /** Whether it is nothing but an image under another name. */
  public boolean isJustItsBase() {
    return base.isPresent() && history.stream().noneMatch(HistoryItem.Made.class::isInstance);
  }
}
