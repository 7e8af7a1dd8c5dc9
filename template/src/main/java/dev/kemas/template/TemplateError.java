package dev.kemas.template;

import java.io.Serial;

/** A template that cannot be read or does not fit the data; the message is for the user. */
public final class TemplateError extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  TemplateError(String message) {
    super(message);
  }
}
