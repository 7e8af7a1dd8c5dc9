package dev.kemas.daemon.image;

import dev.kemas.api.ProgressMessage;
import dev.kemas.api.server.Progress;

/** From the progress of images to the API's lines. */
public final class ProgressRecords {
  private ProgressRecords() {}

  /** Work that reports to this ends when the client is gone: sending throws then. */
  public static dev.kemas.image.Progress told(Progress progress) {
    return event -> progress.send(message(event));
  }

  private static ProgressMessage message(dev.kemas.image.Progress.Event event) {
    return switch (event) {
      case dev.kemas.image.Progress.Line line -> ProgressMessage.stream(line.text());
      case dev.kemas.image.Progress.Status status -> status(status);
      case dev.kemas.image.Progress.Pushed pushed ->
          ProgressMessage.pushed(pushed.tag(), pushed.digest().toString(), pushed.size());
    };
  }

  private static ProgressMessage status(dev.kemas.image.Progress.Status status) {
    if (status.id().isEmpty()) {
      return ProgressMessage.status(status.status());
    }
    if (status.current() == dev.kemas.image.Progress.Status.NOT_BEGUN) {
      return ProgressMessage.expected(status.id().get(), status.status(), status.total());
    }
    return status.current() == 0 && status.total() == 0
        ? ProgressMessage.status(status.id().get(), status.status())
        : ProgressMessage.progress(
            status.id().get(), status.status(), status.current(), status.total());
  }
}
