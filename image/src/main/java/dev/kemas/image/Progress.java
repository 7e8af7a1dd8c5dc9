package dev.kemas.image;

import dev.kemas.oci.Digest;
import java.util.Optional;

/**
 * Where long work tells how far it is. Called from several threads, one at a time; a call that
 * throws ends the work: the one who listened has gone.
 */
@FunctionalInterface
public interface Progress {
  /** Nobody listens. */
  Progress NONE = event -> {};

  void report(Event event);

  /** A state, of one item or of the whole. */
  default void status(String text) {
    report(new Status(Optional.empty(), text, 0, 0));
  }

  /** A state of one item. */
  default void status(String id, String text) {
    report(new Status(Optional.of(id), text, 0, 0));
  }

  /** A line of output, its end of line included. */
  default void line(String text) {
    report(new Line(text + "\n"));
  }

  /** One message. */
  sealed interface Event {}

  /**
   * A state, as Docker's {@code status}, {@code id} and {@code progressDetail}.
   *
   * @param id the layer (its short digest) or tag; empty for the whole
   * @param status such as {@code Downloading}
   * @param current bytes done; 0 where it does not apply, {@link #NOT_BEGUN} where {@code total}
   *     are still to be moved
   * @param total bytes in all; 0 where it is not known
   */
  record Status(Optional<String> id, String status, long current, long total) implements Event {
    /** Nothing was moved yet. */
    public static final long NOT_BEGUN = -1;
  }

  /**
   * Output, as Docker's {@code stream}.
   *
   * @param text with its end of line
   */
  record Line(String text) implements Event {}

  /**
   * A name is in its registry now, as Docker's {@code aux} of a push.
   *
   * @param tag the tag, or the digest where there is none
   * @param digest of the manifest
   * @param size of the manifest, bytes
   */
  record Pushed(String tag, Digest digest, long size) implements Event {}
}
