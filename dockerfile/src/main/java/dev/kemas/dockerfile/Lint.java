package dev.kemas.dockerfile;

/**
 * A finding: the file builds, and yet something in it is likely not meant or will not last.
 *
 * @param rule the name that {@code # check=skip=} and Docker's build checks use
 */
public record Lint(String rule, String message, SourceRange range) {}
