package dev.kemas.build.plan;

import dev.kemas.dockerfile.Instruction;
import dev.kemas.oci.Digest;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One instruction as a build goes through it.
 *
 * @param text for display
 * @param instruction where it comes from, to blame it
 * @param vertex the file system after it
 * @param kind what it does
 * @param history its line in the history; empty for FROM
 * @param facts all that the plan knows to decide the step's result, each under a name of {@link
 *     Facts}
 */
public record Step(
    String text,
    Instruction instruction,
    int vertex,
    Kind kind,
    Optional<HistoryItem.Made> history,
    SortedMap<String, Digest> facts) {
  public Step {
    facts = Collections.unmodifiableSortedMap(facts);
  }

  /** What a step does to its stage. */
  public enum Kind {
    /** Begins it: the vertex is the base, or the end of another stage. */
    BASE,
    /** Changes the file system: the vertex is its own. */
    OPERATION,
    /** Changes only the configuration: the vertex is that of the step before. */
    METADATA
  }
}
