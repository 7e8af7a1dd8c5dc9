package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/** Which images a listing shows, and in which order. */
final class Selection {
  private Selection() {}

  /** Newest first; images of the same instant in the order of their ids, so it is stable. */
  static final Comparator<Image> NEWEST_FIRST =
      Comparator.comparing(Selection::created).reversed().thenComparing(Image::id);

  static Instant created(Image image) {
    return image.config().created().map(t -> t.toInstant()).orElse(Instant.EPOCH);
  }

  /**
   * @param before created before this one only
   * @param since created after this one only
   * @param parents ids that others were made on; without a name they are steps, not results
   */
  static boolean matches(
      Image image,
      ImageFilter filter,
      Optional<Instant> before,
      Optional<Instant> since,
      Set<Digest> parents,
      boolean all) {
    Instant created = created(image);
    boolean step = parents.contains(image.id());
    boolean dangling = image.tags().isEmpty() && !step;
    return (all || !image.dangling() || !step)
        && filter.dangling().map(wanted -> wanted == dangling).orElse(true)
        && before.map(created::isBefore).orElse(true)
        && since.map(created::isAfter).orElse(true)
        && filter.until().map(created::isBefore).orElse(true)
        && labelled(image, filter)
        && (filter.references().isEmpty() || named(image, filter.references()));
  }

  static boolean labelled(Image image, ImageFilter filter) {
    Map<String, String> labels = image.config().defaults().labels();
    return filter.labels().stream().allMatch(wanted -> has(labels, wanted))
        && filter.withoutLabels().stream().noneMatch(unwanted -> has(labels, unwanted));
  }

  private static boolean has(Map<String, String> labels, String wanted) {
    int equals = wanted.indexOf('=');
    return equals < 0
        ? labels.containsKey(wanted)
        : wanted.substring(equals + 1).equals(labels.get(wanted.substring(0, equals)));
  }

  private static boolean named(Image image, List<String> patterns) {
    return java.util.stream.Stream.concat(image.tags().stream(), image.digests().stream())
        .anyMatch(name -> patterns.stream().anyMatch(p -> fits(name, p)));
  }

  /** As Docker: the pattern may be for the whole name or for the name without its tag. */
  private static boolean fits(Reference name, String pattern) {
    PathMatcher matcher;
    try {
      matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (PatternSyntaxException e) {
      throw new Fault.InvalidArgument(
          "invalid filter 'reference=" + pattern + "': " + e.getMessage(), e);
    }
    return matcher.matches(Path.of(name.familiar()))
        || matcher.matches(Path.of(name.familiarName()));
  }
}
