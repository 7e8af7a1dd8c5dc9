package dev.kemas.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** One logical line to a node: keyword, flags, arguments, heredocs. */
final class NodeReader {
  private static final Set<String> WITH_HEREDOCS = Set.of("add", "copy", "run");

  /** Reads the lines of a heredoc that the line opened. */
  interface Heredocs {
    Heredoc read(HeredocOpening opening) throws Problem;
  }

  private final LogicalLine line;
  private final String text;
  private final char escape;
  private int position;

  NodeReader(LogicalLine line, char escape) {
    this.line = line;
    this.text = line.text();
    this.escape = escape;
  }

  Node read(Heredocs heredocs, List<String> comments, SourceRange range) throws Problem {
    skipSpace();
    int start = position;
    while (position < text.length() && !Words.isSpace(text.charAt(position))) {
      position++;
    }
    String keyword = text.substring(start, position);
    List<Flag> flags = flags();
    skipSpace();
    int end = text.length();
    while (end > position && Words.isSpace(text.charAt(end - 1))) {
      end--;
    }
    String arguments = text.substring(position, end);
    SourceRange argumentsRange = arguments.isEmpty() ? range : line.range(position, end);
    List<Heredoc> bodies = new ArrayList<>();
    if (mayHoldHeredocs(keyword, arguments)) {
      for (HeredocOpening opening : HeredocOpening.all(arguments, escape)) {
        bodies.add(heredocs.read(opening));
      }
    }
    SourceRange whole =
        bodies.isEmpty()
            ? range
            : new SourceRange(
                range.startLine(),
                range.startColumn(),
                bodies.getLast().range().endLine(),
                bodies.getLast().range().endColumn());
    return new Node(
        keyword,
        List.copyOf(flags),
        arguments,
        List.copyOf(bodies),
        text.strip(),
        List.copyOf(comments),
        whole,
        argumentsRange);
  }

  private static boolean mayHoldHeredocs(String keyword, String arguments) {
    if (!arguments.contains("<<")) {
      return false;
    }
    String lower = keyword.toLowerCase(Locale.ROOT);
    if (lower.equals("onbuild")) {
      String[] parts = arguments.split("\\s+", 2);
      return parts.length == 2 && mayHoldHeredocs(parts[0], parts[1]);
    }
    return WITH_HEREDOCS.contains(lower) && !JsonStrings.isArray(arguments);
  }

  private void skipSpace() {
    while (position < text.length() && Words.isSpace(text.charAt(position))) {
      position++;
    }
  }

  private List<Flag> flags() {
    List<Flag> flags = new ArrayList<>();
    while (true) {
      int before = position;
      skipSpace();
      if (!text.startsWith("--", position)) {
        position = before;
        return flags;
      }
      int start = position;
      String word = flagWord();
      if (word.equals("--")) {
        return flags;
      }
      int equals = word.indexOf('=');
      flags.add(
          new Flag(
              equals < 0 ? word.substring(2) : word.substring(2, equals),
              equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1)),
              line.range(start, position)));
    }
  }

  /** A flag's word with its quotes and escapes resolved. */
  private String flagWord() {
    StringBuilder word = new StringBuilder();
    char quote = 0;
    for (; position < text.length(); position++) {
      char c = text.charAt(position);
      if (quote == 0 && Words.isSpace(c)) {
        break;
      }
      if (quote != 0 && c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == escape && quote != '\'' && position + 1 < text.length()) {
        position++;
        word.append(text.charAt(position));
      } else {
        word.append(c);
      }
    }
    return word.toString();
  }
}
