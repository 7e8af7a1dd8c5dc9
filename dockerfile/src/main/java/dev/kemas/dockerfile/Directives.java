package dev.kemas.dockerfile;

import java.util.Optional;

/**
 * The parser directives at the head of a file (Dockerfile reference, "Parser directives").
 *
 * @param syntax the value of {@code # syntax=}; recorded, it chooses nothing here
 * @param escape the escape character, a backslash or a backtick
 * @param checks what {@code # check=} says
 */
public record Directives(Optional<String> syntax, char escape, CheckSettings checks) {

  /** What holds when a file has no directive. */
  public static final Directives DEFAULT =
      new Directives(Optional.empty(), '\\', CheckSettings.DEFAULT);
}
