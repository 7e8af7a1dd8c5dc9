package dev.kemas.build.cache;

import dev.kemas.fault.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Says which records are meant. */
@FunctionalInterface
public interface CacheFilter {
  /** Whether this one is. */
  boolean accepts(CacheRecord record);

  /**
   * What Docker's filters mean for the build cache.
   *
   * @param unusedFor of {@code until} and {@code unused-for}
   * @param filters the others; all of them must hold
   */
  record Parsed(Duration unusedFor, List<CacheFilter> filters) {
    public Parsed {
      filters = List.copyOf(filters);
    }
  }

  /**
   * Reads filters by name, as {@code builder.gc} of a configuration and the classic API have them:
   * {@code id}, {@code parent}, {@code type}, {@code description} (a part of it), {@code inuse},
   * {@code shared}, {@code private}, and a duration in {@code until} or {@code unused-for}.
   *
   * @throws Fault.InvalidArgument for an unknown name or a value that cannot be read
   */
  static Parsed parse(Map<String, Set<String>> byName) {
    Duration unusedFor = Duration.ZERO;
    List<CacheFilter> filters = new ArrayList<>();
    for (Map.Entry<String, Set<String>> entry : byName.entrySet()) {
      String name = entry.getKey();
      if (name.equals("until") || name.equals("unused-for")) {
        if (entry.getValue().size() != 1) {
          throw new Fault.InvalidArgument("filters expect only one value for \"" + name + "\"");
        }
        unusedFor = duration(entry.getValue().iterator().next());
      } else {
        filters.add(of(name, entry.getValue()));
      }
    }
    CacheFilter each = record -> filters.stream().allMatch(filter -> filter.accepts(record));
    return new Parsed(unusedFor, filters.isEmpty() ? List.of() : List.of(each));
  }

  private static CacheFilter of(String name, Set<String> values) {
    return switch (name) {
      case "id" -> record -> values.contains(record.id());
      case "parent", "parents" -> record -> record.parents().stream().anyMatch(values::contains);
      case "type" -> record -> values.contains(record.type());
      case "description" -> record -> values.stream().anyMatch(record.description()::contains);
      case "inuse" -> record -> record.inUse() == isTrue(name, values);
      case "shared" -> record -> record.shared() == isTrue(name, values);
      case "private" -> record -> record.shared() != isTrue(name, values);
      default ->
          throw new Fault.InvalidArgument(
              "invalid filter \""
                  + name
                  + "\" for the build cache: want until, unused-for, id,"
                  + " parent, type, description, inuse, shared or private");
    };
  }

  private static boolean isTrue(String name, Set<String> values) {
    return Stream.of(String.join(",", values).split(",", -1))
        .map(value ->
            switch (value) {
              case "1", "true", "" -> true;
              case "0", "false" -> false;
              default ->
                  throw new Fault.InvalidArgument(
                      "invalid value \""
                          + value
                          + "\" of the filter "
                          + name
                          + ": want true or"
                          + " false");
            })
        .reduce(true, Boolean::logicalAnd);
  }

  /**
   * Reads {@code 1h30m}, or {@code 10d}.
   *
   * @throws Fault.InvalidArgument for anything else
   */
  static Duration duration(String text) {
    Matcher matcher =
        Pattern.compile("(?:(\\d{1,6})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?")
            .matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      throw new Fault.InvalidArgument(
          "invalid duration \"" + text + "\": want hours, minutes and seconds such as 48h");
    }
    return Duration.ofDays(number(matcher.group(1)))
        .plusHours(number(matcher.group(2)))
        .plusMinutes(number(matcher.group(3)))
        .plusSeconds(number(matcher.group(4)));
  }

  private static long number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
