package dev.kemas.image;

import dev.kemas.fault.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * When images that nobody uses are removed by themselves.
 *
 * @param high removing begins above it
 * @param low and ends at it
 * @param minAge an image that was of use later than this long ago stays
 * @param keep filters as {@code docker images} takes them ({@code label=keep}, {@code
 *     reference=team/*}); an image that fulfils one of them stays
 */
public record Watermarks(Mark high, Mark low, Duration minAge, List<String> keep) {
  /**
   * Checks that one makes sense with the other.
   *
   * @throws Fault.InvalidArgument when they do not
   */
  public Watermarks {
    keep = List.copyOf(keep);
    boolean fit =
        switch (high) {
          case Mark.Percent(int above) -> low instanceof Mark.Percent(int to) && to <= above;
          case Mark.Bytes(long above) -> low instanceof Mark.Bytes(long to) && to <= above;
        };
    if (!fit) {
      throw new Fault.InvalidArgument(
          "the low mark "
              + low
              + " must be of the same kind as the high mark "
              + high
              + ", and not above it");
    }
    keep.forEach(Watermarks::filter);
  }

  /** One filter, read. */
  static ImageFilter filter(String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    if (equals <= 0 || !(name.equals("label") || name.equals("reference"))) {
      throw new Fault.InvalidArgument(
          "invalid filter \"" + text + "\" of images to keep: want label=... or reference=...");
    }
    return ImageFilter.of(
        Map.of(name, List.of(text.substring(equals + 1))), java.time.Instant.EPOCH);
  }
}
