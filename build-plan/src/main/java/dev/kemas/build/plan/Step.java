package dev.kemas.build.plan;

import dev.kemas.dockerfile.Instruction;
import java.util.Optional;

/**
 * One instruction as a build goes through it.
 *
 * @param text for display
 * @param instruction where it comes from, to blame it
 * @param vertex the file system after it
 * @param kind what it does
 * @param history its line in the history; empty for FROM
 */
public record Step(
    String text,
    Instruction instruction,
    int vertex,
    Kind kind,
    Optional<HistoryItem.Made> history) {
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
