package dev.kemas.buildkit;

import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a client says in names and values. */
record Attributes(Map<String, String> values) {

  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  String text(String name) {
    return values.getOrDefault(name, "");
  }

  /** Parts between commas, none empty. */
  List<String> list(String name) {
    return Stream.of(text(name).split(",", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  /** Those that begin so, without the beginning. */
  Map<String, String> below(String prefix) {
    Map<String, String> found = new TreeMap<>();
    values.forEach((name, value) -> {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), value);
      }
    });
    return found;
  }

  /**
   * Yes or no; an empty value is yes.
   *
   * @throws Fault.InvalidArgument for any other text
   */
  boolean flag(String name) {
    Optional<String> value = value(name);
    if (value.isEmpty()) {
      return false;
    }
    return switch (value.get().toLowerCase(Locale.ROOT)) {
      case "", "1", "t", "true" -> true;
      case "0", "f", "false" -> false;
      default ->
          throw new Fault.InvalidArgument(
              "invalid value \"" + value.get() + "\" for " + name + ": want true or false");
    };
  }

  /**
   * A whole number.
   *
   * @throws Fault.InvalidArgument for another text
   */
  Optional<Long> number(String name) {
    return value(name)
        .filter(text -> !text.isEmpty())
        .map(text -> {
          try {
            return Long.valueOf(text);
          } catch (NumberFormatException e) {
            throw new Fault.InvalidArgument(
                "invalid value \"" + text + "\" for " + name + ": want a whole number", e);
          }
        });
  }
}
