package dev.kemas.dockerfile;

import dev.kemas.fault.Fault;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The value of a {@code --mount} as it was written. Any of its settings may hold variables, also
 * the one that says of which type it is, so it is understood only when their values are known.
 *
 * @param range where the flag stands
 */
public record MountFlag(String text, SourceRange range) {

  /**
   * Understands it.
   *
   * @param expand a setting's value with variables replaced
   * @param workingDirectory where relative targets begin, absolute
   * @throws Fault.InvalidArgument when a setting is unknown, malformed or does not fit its type
   */
  public Mount mount(UnaryOperator<String> expand, String workingDirectory) {
    try {
      return MountReader.read(text, expand, workingDirectory);
    } catch (Problem problem) {
      throw new Fault.InvalidArgument(problem.text());
    }
  }

  /** What {@code from=} says, as written; empty when it is not there. */
  public Optional<String> from() {
    try {
      return MountReader.setting(text, "from");
    } catch (Problem problem) {
      throw new Fault.InvalidArgument(problem.text());
    }
  }
}
