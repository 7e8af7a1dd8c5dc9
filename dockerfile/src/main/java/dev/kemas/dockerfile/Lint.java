package dev.kemas.dockerfile;

/**
 * A finding: the file builds, and yet something in it is likely not meant or will not last.
 *
 * @param rule what was looked for
 * @param message what was found
 */
public record Lint(Rule rule, String message, SourceRange range) {}
