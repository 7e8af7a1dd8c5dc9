package dev.kemas.flag;

import java.io.Serial;

/** The command line itself is wrong; the message is one line for the user. */
public final class UsageError extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public UsageError(String message) {
    super(message);
  }

  public UsageError(String message, Throwable cause) {
    super(message, cause);
  }

  /** The line for the user. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
