package dev.kemas.dockerfile;

import java.io.Serializable;

/**
 * A stretch of a Dockerfile's text. Lines and columns count from 1; columns count UTF-16 units; the
 * end is inclusive, so a single character has equal start and end.
 */
public record SourceRange(int startLine, int startColumn, int endLine, int endColumn)
    implements Serializable {

  @Override
  public String toString() {
    return startLine + ":" + startColumn + "-" + endLine + ":" + endColumn;
  }
}
