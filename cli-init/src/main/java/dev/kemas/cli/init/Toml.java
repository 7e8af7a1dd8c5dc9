package dev.kemas.cli.init;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of TOML as a pyproject.toml needs to be understood: tables, and keys with their values as
 * text. Values over several lines are joined.
 */
final class Toml {
  private static final Pattern STRING = Pattern.compile("\"([^\"]*)\"|'([^']*)'");

  private final Map<String, Map<String, String>> tables = new LinkedHashMap<>();

  private Toml() {}

  static Toml parse(String text) {
    Toml toml = new Toml();
    String table = "";
    StringBuilder open = new StringBuilder();
    String key = "";
    for (String raw : text.split("\r?\n", -1)) {
      String line = withoutComment(raw).strip();
      if (!open.isEmpty()) {
        open.append(' ').append(line);
      } else if (line.startsWith("[")) {
        table = line.replaceAll("^\\[+|]+$", "").strip();
        toml.tables.computeIfAbsent(table, t -> new LinkedHashMap<>());
        continue;
      } else {
        int equals = line.indexOf('=');
        if (equals <= 0) {
          continue;
        }
        key = line.substring(0, equals).strip().replace("\"", "");
        open.append(line.substring(equals + 1).strip());
      }
      if (isWhole(open)) {
        toml.tables.computeIfAbsent(table, t -> new LinkedHashMap<>()).put(key, open.toString());
        open.setLength(0);
      }
    }
    return toml;
  }

  private static String withoutComment(String line) {
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '#') {
        return line.substring(0, i);
      }
    }
    return line;
  }

  /** Whether all brackets outside strings are closed. */
  private static boolean isWhole(CharSequence value) {
    int depth = 0;
    char quote = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '[' || c == '{') {
        depth++;
      } else if (c == ']' || c == '}') {
        depth--;
      }
    }
    return depth <= 0;
  }

  boolean hasTable(String name) {
    return tables.containsKey(name);
  }

  /** The keys of a table. */
  List<String> keys(String table) {
    return List.copyOf(tables.getOrDefault(table, Map.of()).keySet());
  }

  /** The first string in a value. */
  Optional<String> text(String table, String key) {
    List<String> all = texts(table, key);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
  }

  /** All strings in a value. */
  List<String> texts(String table, String key) {
    List<String> all = new ArrayList<>();
    Matcher matcher = STRING.matcher(tables.getOrDefault(table, Map.of()).getOrDefault(key, ""));
    while (matcher.find()) {
      all.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
    return all;
  }
}
