package dev.kemas.dockerfile;

/** One thing that COPY or ADD takes. */
public sealed interface CopySource {

  /** A path, a wildcard pattern or, for ADD, an address; variables not yet expanded. */
  record Location(String text) implements CopySource {}

  /** A file given in place; it is called as the heredoc is. */
  record Inline(Heredoc heredoc) implements CopySource {}
}
