package dev.kemas.build.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Environment variables in their order, later values replacing earlier ones in place. */
final class Environment {
  /** What Docker gives a process whose image sets no PATH. */
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** By name the whole entry: stages that are built upon each other share the texts. */
  private final Map<String, String> entries = new LinkedHashMap<>();

  Environment(List<String> entries) {
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      this.entries.put(
          equals < 0 ? entry : entry.substring(0, equals), equals < 0 ? entry + "=" : entry);
    }
    this.entries.putIfAbsent("PATH", "PATH=" + DEFAULT_PATH);
  }

  void set(String name, String value) {
    entries.put(name, name + "=" + value);
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(entries.get(name)).map(entry -> entry.substring(name.length() + 1));
  }

  int size() {
    return entries.size();
  }

  List<String> entries() {
    return List.copyOf(entries.values());
  }
}
