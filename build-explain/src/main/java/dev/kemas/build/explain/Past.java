package dev.kemas.build.explain;

import dev.kemas.build.plan.Facts;
import dev.kemas.oci.Digest;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The last build of a project, as it is remembered.
 *
 * @param steps in their order
 */
public record Past(List<Known> steps) {
  public Past {
    steps = List.copyOf(steps);
  }

  /**
   * A step.
   *
   * @param metadata whether it changed no file
   */
  public record Known(
      String stage, boolean metadata, String text, Digest key, SortedMap<String, Digest> facts) {}

  /** What is to be remembered of a build. */
  public static Past of(List<StepOutcome> outcomes) {
    return new Past(outcomes.stream().map(StepOutcome::known).toList());
  }

  /** The same for two builds that did the same. */
  public Digest fingerprint() {
    return Facts.digest(
        steps.stream()
            .map(step -> step.stage() + " " + step.key() + " " + step.text())
            .collect(Collectors.joining("\n")));
  }
}
