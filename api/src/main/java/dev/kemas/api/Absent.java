package dev.kemas.api;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The values of fields that a client left out or sent as null: both mean the same to Docker. */
final class Absent {
  private Absent() {}

  static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  static <T> List<T> list(@Nullable List<T> value) {
    return value == null ? List.of() : List.copyOf(value);
  }

  static <V> SortedMap<String, V> map(@Nullable Map<String, V> value) {
    return Collections.unmodifiableSortedMap(
        value == null ? new TreeMap<>() : new TreeMap<>(value));
  }
}
