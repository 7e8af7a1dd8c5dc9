package dev.kemas.build.explain;

import dev.kemas.build.plan.Step;
import dev.kemas.oci.Digest;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a step of a build went.
 *
 * @param number of the step
 * @param stage the label of its stage
 * @param kind what it does
 * @param text the instruction
 * @param key names it in the cache
 * @param facts what decided it, by the names of {@link dev.kemas.build.plan.Facts}
 * @param hit whether its result was known
 * @param fresh whether it was not to be looked up
 * @param inputs numbers of the steps that it waited for besides those before it in its stage
 */
public record StepOutcome(
    int number,
    String stage,
    Step.Kind kind,
    String text,
    Digest key,
    SortedMap<String, Digest> facts,
    boolean hit,
    boolean fresh,
    List<Integer> inputs) {
  public StepOutcome {
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
    inputs = List.copyOf(inputs);
  }

  /** The same as a hit. */
  StepOutcome asHit() {
    return new StepOutcome(number, stage, kind, text, key, facts, true, fresh, inputs);
  }

  /** What is remembered of it. */
  Past.Known known() {
    return new Past.Known(stage, kind == Step.Kind.METADATA, text, key, facts);
  }
}
