package dev.kemas.content;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.util.Locale;
import java.util.Optional;

/** What the file system's exceptions mean to a caller. */
final class IoFaults {
  private IoFaults() {}

  static Fault of(String doing, IOException e) {
    String message = doing + ": " + Optional.ofNullable(e.getMessage()).orElse(e.toString());
    return switch (e) {
      case ClosedByInterruptException interrupted -> new Fault.Cancelled(message);
      case ClosedChannelException closed -> new Fault.Unavailable(message + " (it is closed)", e);
      case AccessDeniedException denied -> new Fault.Forbidden(message, e);
      default ->
          isFull(message)
              ? new Fault.ResourceExhausted(message + "; make room on that disk", e)
              : new Fault.Internal(message, e);
    };
  }

  /** The JDK has no type for ENOSPC and EDQUOT, only strerror(3)'s text. */
  private static boolean isFull(String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    return lower.contains("no space left") || lower.contains("quota exceeded");
  }
}
