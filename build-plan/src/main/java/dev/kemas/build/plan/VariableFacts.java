package dev.kemas.build.plan;

import dev.kemas.oci.Digest;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;

/** The facts about variables, one of each value: all RUNs that see it share it. One thread. */
final class VariableFacts {
  private record Fact(String name, Digest value) {}

  private final PlanBounds bounds;
  private final Map<String, Fact> known = new HashMap<>();

  VariableFacts(PlanBounds bounds) {
    this.bounds = bounds;
  }

  /** A RUN that sees so many variables is about to be told of. */
  void begin(int variables) {
    bounds.run(variables);
  }

  /**
   * Adds one.
   *
   * @param entry {@code NAME=value}, or a name that has none
   */
  void put(SortedMap<String, Digest> facts, String kind, String entry) {
    Fact fact = known.computeIfAbsent(kind + entry, none -> fact(kind, entry));
    facts.put(fact.name(), fact.value());
  }

  private static Fact fact(String kind, String entry) {
    int equals = entry.indexOf('=');
    return equals < 0
        ? new Fact(kind + entry, Facts.digest(""))
        : new Fact(kind + entry.substring(0, equals), Facts.digest(entry.substring(equals)));
  }
}
