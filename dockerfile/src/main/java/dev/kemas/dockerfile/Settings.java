package dev.kemas.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Settings divided by commas, as {@code --mount} and {@code --device} have them. */
final class Settings {
  /**
   * One of them.
   *
   * @param key in lower case
   * @param value empty when there is no equals sign
   */
  record Setting(String key, Optional<String> value) {}

  private Settings() {}

  /** The fields of a line of comma-separated values; one that begins with a quote ends with it. */
  static List<String> split(String text) throws Problem {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    int at = 0;
    while (true) {
      field.setLength(0);
      boolean quoted = at < text.length() && text.charAt(at) == '"';
      at = quoted ? quoted(text, at + 1, field) : plain(text, at, field);
      fields.add(field.toString());
      if (at == text.length()) {
        return fields;
      }
      at++;
    }
  }

  private static int plain(String text, int start, StringBuilder field) throws Problem {
    int comma = text.indexOf(',', start);
    int end = comma < 0 ? text.length() : comma;
    field.append(text, start, end);
    if (field.indexOf("\"") >= 0) {
      throw new Problem("the settings \"%s\" have a quote within a value".formatted(text));
    }
    return end;
  }

  private static int quoted(String text, int start, StringBuilder field) throws Problem {
    int at = start;
    while (at < text.length()) {
      char c = text.charAt(at);
      at++;
      if (c != '"') {
        field.append(c);
      } else if (at < text.length() && text.charAt(at) == '"') {
        field.append(c);
        at++;
      } else if (at == text.length() || text.charAt(at) == ',') {
        return at;
      } else {
        break;
      }
    }
    throw new Problem("the settings \"%s\" have a quote that does not end".formatted(text));
  }

  static Setting setting(String field) {
    int equals = field.indexOf('=');
    return equals < 0
        ? new Setting(field.toLowerCase(Locale.ROOT), Optional.empty())
        : new Setting(
            field.substring(0, equals).toLowerCase(Locale.ROOT),
            Optional.of(field.substring(equals + 1)));
  }

  /** A truth value in any of the spellings that Docker's flags take. */
  static boolean bool(String key, String value) throws Problem {
    return bool(value)
        .orElseThrow(() -> new Problem("invalid value for %s: %s".formatted(key, value)));
  }

  /** The same; empty when it is none. */
  static Optional<Boolean> bool(String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
      case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
      default -> Optional.empty();
    };
  }
}
