package dev.kemas.signature.sigstore;

import java.io.Serial;

/** A signature does not hold; the message says why. */
final class NotVerified extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  NotVerified(String why) {
    super(why);
  }

  NotVerified(String why, Throwable cause) {
    super(why, cause);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
