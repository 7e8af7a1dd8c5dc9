package dev.kemas.image;

import dev.kemas.fault.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which images are asked for; those that fulfil all of it.
 *
 * @param references globs over names as people write them, with or without tag; one must match
 * @param dangling only images without a name, or only those with one
 * @param labels {@code key} or {@code key=value}; all must be there
 * @param withoutLabels {@code key} or {@code key=value}; none may be there
 * @param before name or id of an image; only those created before it
 * @param since name or id of an image; only those created after it
 * @param until only those created before this instant
 */
public record ImageFilter(
    List<String> references,
    Optional<Boolean> dangling,
    List<String> labels,
    List<String> withoutLabels,
    Optional<String> before,
    Optional<String> since,
    Optional<Instant> until) {
  /** Every image. */
  public static final ImageFilter ALL =
      new ImageFilter(
          List.of(),
          Optional.empty(),
          List.of(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  private static final Set<String> KNOWN =
      Set.of("reference", "dangling", "label", "label!", "before", "since", "until");

  public ImageFilter {
    references = List.copyOf(references);
    labels = List.copyOf(labels);
    withoutLabels = List.copyOf(withoutLabels);
  }

  /**
   * Reads the API's {@code filters}.
   *
   * @param filters names with their values
   * @param now what a duration in {@code until} is counted back from
   * @throws Fault.InvalidArgument for a filter or a value that is not known
   */
  public static ImageFilter of(Map<String, ? extends Collection<String>> filters, Instant now) {
    for (String name : filters.keySet()) {
      if (!KNOWN.contains(name)) {
        throw new Fault.InvalidArgument("invalid filter '" + name + "'");
      }
    }
    return new ImageFilter(
        all(filters, "reference"),
        last(filters, "dangling").map(ImageFilter::truth),
        all(filters, "label"),
        all(filters, "label!"),
        last(filters, "before"),
        last(filters, "since"),
        last(filters, "until").map(text -> instant(text, now)));
  }

  /** The same, asking for dangling images only, or for all. */
  public ImageFilter withDangling(Optional<Boolean> wanted) {
    return new ImageFilter(references, wanted, labels, withoutLabels, before, since, until);
  }

  private static List<String> all(Map<String, ? extends Collection<String>> filters, String name) {
    Collection<String> values = filters.get(name);
    return values == null ? List.of() : List.copyOf(values);
  }

  private static Optional<String> last(
      Map<String, ? extends Collection<String>> filters, String name) {
    List<String> values = all(filters, name);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  private static boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "1", "true", "t" -> true;
      case "0", "false", "f" -> false;
      default -> throw new Fault.InvalidArgument("invalid filter 'dangling=" + text + "'");
    };
  }

  private static Instant instant(String text, Instant now) {
    Optional<Duration> age = GoDurations.parse(text);
    if (age.isPresent()) {
      return now.minus(age.get());
    }
    return GoDurations.timestamp(text)
        .orElseThrow(() ->
            new Fault.InvalidArgument(
                "invalid filter 'until="
                    + text
                    + "': want a Unix time, an RFC 3339 time or a duration such as 24h"));
  }
}
