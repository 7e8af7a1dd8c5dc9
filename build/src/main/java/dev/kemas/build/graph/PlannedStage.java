package dev.kemas.build.graph;

import dev.kemas.oci.ProcessDefaults;
import java.util.List;
import java.util.Optional;

/**
 * A stage that the target needs.
 *
 * @param index its number in the Dockerfile
 * @param label its name, or the number
 * @param steps in order, the first is FROM
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
    List<Step> steps,
    int vertex,
    Optional<BaseImage> base,
    ProcessDefaults config,
    String author,
    List<HistoryItem> history) {
  public PlannedStage {
    steps = List.copyOf(steps);
    history = List.copyOf(history);
  }
}
