package dev.kemas.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The exec form: a JSON array of strings. A whole parser of JSON is not needed to tell three cases
 * apart: an array of strings, some other JSON array (an error), and no JSON (the shell form).
 */
final class JsonStrings {
  private final String text;
  private int position;

  private JsonStrings(String text) {
    this.text = text;
  }

  /** Whether the text is read in exec form. */
  static boolean isArray(String text) {
    try {
      return parse(text).isPresent();
    } catch (Problem problem) {
      return true;
    }
  }

  /**
   * The strings; empty when the text is no JSON array, so is to be taken in shell form.
   *
   * @throws Problem when it is a JSON array that holds something else than strings
   */
  static Optional<List<String>> parse(String text) throws Problem {
    String stripped = text.strip();
    if (!stripped.startsWith("[")) {
      return Optional.empty();
    }
    JsonStrings reader = new JsonStrings(stripped);
    List<Optional<String>> values = new ArrayList<>();
    if (!reader.array(values, 0) || reader.position != stripped.length()) {
      return Optional.empty();
    }
    List<String> strings = new ArrayList<>();
    for (Optional<String> value : values) {
      strings.add(
          value.orElseThrow(() ->
              new Problem(
                  "when using JSON array syntax, arrays must be comprised of strings only")));
    }
    return Optional.of(List.copyOf(strings));
  }

  private void space() {
    while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private boolean take(char c) {
    space();
    if (position < text.length() && text.charAt(position) == c) {
      position++;
      return true;
    }
    return false;
  }

  private boolean array(List<Optional<String>> values, int depth) {
    if (!take('[')) {
      return false;
    }
    if (take(']')) {
      return true;
    }
    do {
      if (!value(values, depth)) {
        return false;
      }
    } while (take(','));
    return take(']');
  }

  private boolean value(List<Optional<String>> values, int depth) {
    space();
    if (position >= text.length() || depth > 64) {
      return false;
    }
    char first = text.charAt(position);
    if (first == '"') {
      Optional<String> string = string();
      string.ifPresent(s -> values.add(Optional.of(s)));
      return string.isPresent();
    }
    values.add(Optional.empty());
    return switch (first) {
      case '[' -> array(new ArrayList<>(), depth + 1);
      case '{' -> object(depth + 1);
      default -> literal();
    };
  }

  private boolean object(int depth) {
    if (!take('{')) {
      return false;
    }
    if (take('}')) {
      return true;
    }
    do {
      space();
      if (string().isEmpty() || !take(':') || !value(new ArrayList<>(), depth)) {
        return false;
      }
    } while (take(','));
    return take('}');
  }

  private boolean literal() {
    int start = position;
    while (position < text.length() && ",]} \t\r\n".indexOf(text.charAt(position)) < 0) {
      position++;
    }
    return text.substring(start, position)
        .matches("true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
  }

  private Optional<String> string() {
    if (position >= text.length() || text.charAt(position) != '"') {
      return Optional.empty();
    }
    position++;
    StringBuilder out = new StringBuilder();
    while (position < text.length()) {
      char c = text.charAt(position);
      position++;
      if (c == '"') {
        return Optional.of(out.toString());
      }
      if (c < ' ' || (c == '\\' && !escape(out))) {
        return Optional.empty();
      }
      if (c != '\\') {
        out.append(c);
      }
    }
    return Optional.empty();
  }

  private boolean escape(StringBuilder out) {
    if (position >= text.length()) {
      return false;
    }
    char c = text.charAt(position);
    position++;
    int plain = "\"\\/bfnrt".indexOf(c);
    if (plain >= 0) {
      out.append("\"\\/\b\f\n\r\t".charAt(plain));
      return true;
    }
    if (c != 'u' || position + 4 > text.length()) {
      return false;
    }
    String hex = text.substring(position, position + 4);
    if (!hex.matches("[0-9a-fA-F]{4}")) {
      return false;
    }
    out.append((char) Integer.parseInt(hex, 16));
    position += 4;
    return true;
  }
}
