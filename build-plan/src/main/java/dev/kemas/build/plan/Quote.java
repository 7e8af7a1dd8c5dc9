package dev.kemas.build.plan;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Text within quotes, so that a printed operation can be read back in one way only: it is hashed,
 * too.
 */
final class Quote {
  private Quote() {}

  static String text(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '\r' -> out.append("\\r");
        default -> out.append(c);
      }
    }
    return out.append('"').toString();
  }

  static String list(Collection<String> texts) {
    return texts.stream().map(Quote::text).collect(Collectors.joining(",", "[", "]"));
  }
}
