package dev.kemas.guard;

import dev.kemas.dockerfile.Lint;
import dev.kemas.dockerfile.Rule;
import dev.kemas.dockerfile.SourceRange;

/**
 * Something that builds and yet is likely not meant.
 *
 * @param message one line: the thing and its value
 * @param range the instruction to look at
 * @param hint what to write instead, perhaps several lines
 */
public record Finding(Rule rule, String message, SourceRange range, String hint) {

  /** In the form of the Dockerfile's own checks, the hint's first line after the message. */
  public Lint lint() {
    String first = hint.lines().findFirst().orElse("");
    return new Lint(rule, first.isEmpty() ? message : message + "; " + first, range);
  }
}
