package dev.kemas.dockerfile;

import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Optional;

/**
 * Expands variables and removes quotes and escapes, as the reference tells for ADD, COPY, ENV,
 * EXPOSE, FROM, LABEL, STOPSIGNAL, USER, VOLUME, WORKDIR and the defaults of ARG (Dockerfile
 * reference, "Environment replacement"). RUN, CMD and ENTRYPOINT are left to their shell.
 *
 * <p>Understood are {@code $x ${x} ${x:-w} ${x-w} ${x:+w} ${x+w} ${x:?w} ${x?w} ${x#p} ${x##p}
 * ${x%p} ${x%%p} ${x/p/r} ${x//p/r}}. An unset variable expands to nothing.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class Expansion {

  /** Where values come from; also sees which names were asked for. */
  @FunctionalInterface
  public interface Variables {
    /** The value, empty when the variable is not set. */
    Optional<String> value(String name);
  }

  private final char escape;

  /**
   * @param escape the file's escape character
   */
  public Expansion(char escape) {
    this.escape = escape;
  }

  /**
   * The text as one word, blanks kept.
   *
   * @throws Fault.InvalidArgument when a quote or a brace is not closed, a modifier is unknown, or
   *     {@code ${x:?…}} finds no value
   */
  public String word(String text, Variables variables) {
    if (isPlain(text)) {
      return text;
    }
    return scan(text, variables, true).text();
  }

  /**
   * The text split at blanks that are outside quotes, after expansion: one variable may give
   * several words.
   *
   * @throws Fault.InvalidArgument as {@link #word}
   */
  public List<String> words(String text, Variables variables) {
    return scan(text, variables, true).words();
  }

  /**
   * Expands only variables, leaves quotes alone: for files given in place by a heredoc.
   *
   * @throws Fault.InvalidArgument as {@link #word}
   */
  public String document(String text, Variables variables) {
    return scan(text, variables, false).text();
  }

  private boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '$' || c == '\'' || c == '"' || c == escape) {
        return false;
      }
    }
    return true;
  }

  private ExpansionScanner.Result scan(String text, Variables variables, boolean quotes) {
    try {
      return new ExpansionScanner(text, escape, variables, quotes).scan();
    } catch (Problem problem) {
      throw new Fault.InvalidArgument(
          "failed to process %s: %s".formatted(Quoted.of(text), problem.text()));
    }
  }
}
