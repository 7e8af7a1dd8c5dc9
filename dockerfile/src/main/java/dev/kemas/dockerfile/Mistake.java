package dev.kemas.dockerfile;

import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cause of a fault that blames a place in a Dockerfile, for those who show the lines or send
 * the place on. Immutable.
 */
public final class Mistake extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final String file;
  private final SourceRange range;
  private final String message;

  Mistake(String file, SourceRange range, String keyword, String message) {
    super(
        "dockerfile parse error on line %d: %s [%s:%d%s]"
            .formatted(
                range.startLine(),
                message,
                file,
                range.startLine(),
                keyword.isEmpty() ? "" : " " + keyword));
    this.file = file;
    this.range = range;
    this.message = message;
  }

  /** The one that is behind a fault, or behind its causes. */
  public static Optional<Mistake> of(Throwable fault) {
    for (@Nullable Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof Mistake mistake) {
        return Optional.of(mistake);
      }
    }
    return Optional.empty();
  }

  /** How the Dockerfile is called. */
  public String file() {
    return file;
  }

  /** What is blamed. */
  public SourceRange range() {
    return range;
  }

  /** What is wrong, without the place. */
  public String text() {
    return message;
  }

  /** What is wrong, with the line, in Docker's words. */
  public String line() {
    return "dockerfile parse error on line %d: %s".formatted(range.startLine(), message);
  }

  @Override
  public String getMessage() {
    String whole = super.getMessage();
    return whole == null ? message : whole;
  }
}
