package dev.kemas.build.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Environment variables in their order, later values replacing earlier ones in place. */
final class Environment {
  /** What Docker gives a process whose image sets no PATH. */
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final Map<String, String> values = new LinkedHashMap<>();

  Environment(List<String> entries) {
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      values.put(
          equals < 0 ? entry : entry.substring(0, equals),
          equals < 0 ? "" : entry.substring(equals + 1));
    }
    values.putIfAbsent("PATH", DEFAULT_PATH);
  }

  void set(String name, String value) {
    values.put(name, value);
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  List<String> entries() {
    List<String> entries = new ArrayList<>();
    values.forEach((name, value) -> entries.add(name + "=" + value));
    return entries;
  }
}
