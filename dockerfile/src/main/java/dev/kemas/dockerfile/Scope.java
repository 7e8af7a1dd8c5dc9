package dev.kemas.dockerfile;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Variables with their values, and which of them a text uses. Not for several threads. */
final class Scope {
  /**
   * A text with its variables replaced.
   *
   * @param used the variables that have a value
   * @param missing those that have none
   */
  record Expanded(String text, Set<String> used, Set<String> missing) {}

  private final char escape;
  private final Map<String, String> values;

  Scope(char escape, Map<String, String> values) {
    this.escape = escape;
    this.values = new LinkedHashMap<>(values);
  }

  Scope copy() {
    return new Scope(escape, values);
  }

  void set(String name, String value) {
    values.put(name, value);
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  Set<String> names() {
    return values.keySet();
  }

  Expanded word(String text) throws Problem {
    return expand(text, escape, true);
  }

  /** As {@link Expansion#document}. */
  Expanded document(String text) throws Problem {
    return expand(text, '\\', false);
  }

  private Expanded expand(String text, char escape, boolean quotes) throws Problem {
    Set<String> used = new LinkedHashSet<>();
    Set<String> missing = new LinkedHashSet<>();
    Expansion.Variables seen =
        name -> {
          Optional<String> value = value(name);
          (value.isPresent() ? used : missing).add(name);
          return value;
        };
    try {
      String result = new ExpansionScanner(text, escape, seen, quotes).scan().text();
      return new Expanded(result, used, missing);
    } catch (Problem problem) {
      throw new Problem("failed to process %s: %s".formatted(Quoted.of(text), problem.text()));
    }
  }
}
