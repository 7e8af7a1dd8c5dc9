package dev.kemas.cli.command;

import java.io.Serial;

/** Ends the program with a status; the text, if any, goes to standard error as it is. */
public final class Exit extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;
  private final int status;

  public Exit(int status, String text) {
    super(text);
    this.status = status;
  }

  public Exit(int status, String text, Throwable cause) {
    super(text, cause);
    this.status = status;
  }

  /** The exit status of the program. */
  public int status() {
    return status;
  }

  /** What standard error gets. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
