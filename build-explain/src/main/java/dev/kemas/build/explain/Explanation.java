package dev.kemas.build.explain;

import java.util.List;
import java.util.OptionalInt;

/**
 * Why a step ran, or that it did not.
 *
 * @param number of the step
 * @param hit whether its result was known
 * @param causes what differs from the build before; none for a hit
 * @param first the first step that ran and that this one follows from: without that one it would
 *     have run only for causes of its own; empty when there is none
 * @param own those of the causes that do not follow from an earlier step
 */
public record Explanation(
    int number, boolean hit, List<Cause> causes, OptionalInt first, List<Cause> own) {
  public Explanation {
    causes = List.copyOf(causes);
    own = List.copyOf(own);
  }
}
