package dev.kemas.session;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is said beside a call's messages. Values that are not all printable ASCII are written as in
 * an URL's query, all of a name's or none, with a mark beside.
 */
final class Metadata {
  private final Map<String, List<String>> values = new TreeMap<>();

  /** Adds a name's values; none are nothing. */
  Metadata with(String name, List<String> texts) {
    if (texts.isEmpty()) {
      return this;
    }
    if (texts.stream().allMatch(Metadata::isPlain)) {
      values.put(name, List.copyOf(texts));
    } else {
      values.put(
          name,
          texts.stream().map(text -> URLEncoder.encode(text, StandardCharsets.UTF_8)).toList());
      values.put(name + "-encoded", List.of("1"));
    }
    return this;
  }

  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
  }

  Map<String, List<String>> map() {
    return Map.copyOf(values);
  }
}
