package dev.kemas.cli.stream;

import java.io.Serial;

/** A long request that failed on the way; the text comes from the engine. */
public final class ProgressError extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;
  private final int code;

  ProgressError(String text, int code) {
    super(text);
    this.code = code;
  }

  /** The engine's words. */
  public String text() {
    return String.valueOf(getMessage());
  }

  /** The exit status of a build step that failed; 0 where that is not the reason. */
  public int code() {
    return code;
  }
}
