package dev.kemas.network;

import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The text of one record: lines of {@code key=value}, a key as often as it has values, parts of a
 * whole under {@code name.0.}, {@code name.1.} and so on. In values a line end is {@code \n} and a
 * backslash is doubled. A reader ignores keys that it does not know, so later versions may add
 * some.
 */
final class RecordText {
  private final Map<String, List<String>> values = new LinkedHashMap<>();

  RecordText put(String key, Object value) {
    values.computeIfAbsent(key, k -> new ArrayList<>()).add(value.toString());
    return this;
  }

  RecordText put(String key, Optional<?> value) {
    value.ifPresent(v -> put(key, v));
    return this;
  }

  RecordText putAll(String key, List<?> all) {
    all.forEach(v -> put(key, v));
    return this;
  }

  /** A map, as keys and values one behind the other. */
  RecordText putMap(String key, Map<String, String> map) {
    map.forEach((k, v) -> put(key, k).put(key, v));
    return this;
  }

  /** A part of the whole, under a name and its number. */
  RecordText putPart(String name, int number, RecordText part) {
    part.values.forEach((key, all) -> putAll(name + "." + number + "." + key, all));
    return this;
  }

  List<String> all(String key) {
    return values.getOrDefault(key, List.of());
  }

  Optional<String> find(String key) {
    return all(key).stream().findFirst();
  }

  String get(String key) {
    return find(key).orElseThrow(() -> new Fault.DataLoss("a network record lacks " + key));
  }

  int number(String key) {
    try {
      return Integer.parseInt(get(key));
    } catch (NumberFormatException e) {
      throw new Fault.DataLoss("a network record's " + key + " is no number: " + get(key), e);
    }
  }

  boolean flag(String key) {
    return find(key).filter("true"::equals).isPresent();
  }

  Map<String, String> map(String key) {
    Map<String, String> map = new LinkedHashMap<>();
    List<String> all = all(key);
    for (int i = 0; i + 1 < all.size(); i += 2) {
      map.put(all.get(i), all.get(i + 1));
    }
    return map;
  }

  List<RecordText> parts(String name) {
    List<RecordText> parts = new ArrayList<>();
    while (true) {
      RecordText part = new RecordText();
      String prefix = name + "." + parts.size() + ".";
      values.forEach((key, all) -> {
        if (key.startsWith(prefix)) {
          part.putAll(key.substring(prefix.length()), all);
        }
      });
      if (part.values.isEmpty()) {
        return parts;
      }
      parts.add(part);
    }
  }

  static RecordText parse(String body) {
    RecordText text = new RecordText();
    for (String line : body.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        text.put(line.substring(0, equals), unescape(line.substring(equals + 1)));
      } else if (!line.isBlank()) {
        throw new Fault.DataLoss("a line of a network record has no key: " + line);
      }
    }
    return text;
  }

  private static String unescape(String value) {
    if (value.indexOf('\\') < 0) {
      return value;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && i + 1 < value.length()) {
        i++;
        out.append(value.charAt(i) == 'n' ? '\n' : value.charAt(i));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    values.forEach((key, all) -> {
      for (String value : all) {
        out.append(key)
            .append('=')
            .append(value.replace("\\", "\\\\").replace("\n", "\\n"))
            .append('\n');
      }
    });
    return out.toString();
  }
}
