package dev.kemas.dockerfile;

import java.util.Optional;
import java.util.Set;

/**
 * The parser directives at the head of a file (Dockerfile reference, "Parser directives").
 *
 * @param syntax the value of {@code # syntax=}; recorded, it chooses nothing here
 * @param escape the escape character, a backslash or a backtick
 * @param skippedChecks lint rules that {@code # check=skip=} turns off; {@code all} means each
 * @param checksAreErrors whether {@code # check=error=true} makes a lint finding fail the build
 */
public record Directives(
    Optional<String> syntax, char escape, Set<String> skippedChecks, boolean checksAreErrors) {

  /** What holds when a file has no directive. */
  public static final Directives DEFAULT = new Directives(Optional.empty(), '\\', Set.of(), false);

  /** Whether the rule of that name is to be reported. */
  public boolean checks(String rule) {
    return !skippedChecks.contains("all") && !skippedChecks.contains(rule);
  }
}
