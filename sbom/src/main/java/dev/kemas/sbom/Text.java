package dev.kemas.sbom;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Texts of strangers: their encodings, and the header blocks that packagers like to write. */
final class Text {
  private Text() {}

  /** Bytes as text; what is not UTF-8 becomes U+FFFD. */
  static String of(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A text that JSON can carry: the bytes of a name that are not UTF-8 are shown as \xNN. */
  static String shown(String text) {
    if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(point -> {
          if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
            out.append(String.format("\\x%02X", point & 0xFF));
          } else {
            out.appendCodePoint(point);
          }
        });
    return out.toString();
  }

  /**
   * Header blocks as in mail (RFC 5322): {@code Name: value}, continued by lines that begin with a
   * blank, ended by an empty line. Field names in lower case; of one that comes twice all values.
   *
   * @param firstOnly whether what follows the first block is a text and not another block
   */
  static List<Map<String, List<String>>> headers(String text, boolean firstOnly) {
    List<Map<String, List<String>>> blocks = new ArrayList<>();
    Map<String, List<String>> block = new TreeMap<>();
    String field = "";
    StringBuilder value = new StringBuilder();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (!line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t')) {
        value.append('\n').append(line.strip());
        continue;
      }
      keep(block, field, value);
      int colon = line.indexOf(':');
      field = colon > 0 ? line.substring(0, colon).toLowerCase(Locale.ROOT) : "";
      value.append(line.substring(colon + 1).strip());
      if (line.isBlank() && !block.isEmpty()) {
        blocks.add(block);
        block = new TreeMap<>();
        if (firstOnly) {
          return blocks;
        }
      }
    }
    keep(block, field, value);
    if (!block.isEmpty()) {
      blocks.add(block);
    }
    return blocks;
  }

  private static void keep(Map<String, List<String>> block, String field, StringBuilder value) {
    if (!field.isEmpty()) {
      block.computeIfAbsent(field, k -> new ArrayList<>()).add(value.toString());
    }
    value.setLength(0);
  }

  /** The first value of a field, or nothing. */
  static String first(Map<String, List<String>> block, String field) {
    return block.getOrDefault(field, List.of("")).getFirst();
  }
}
