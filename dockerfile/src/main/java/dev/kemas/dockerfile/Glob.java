package dev.kemas.dockerfile;

import dev.kemas.fault.Fault;
import java.util.regex.Pattern;

/**
 * A path pattern with the syntax of Go's {@code filepath.Match}: {@code *} and {@code ?} stop at a
 * slash, {@code [a-z]} and {@code [^a-z]} are classes, a backslash takes the next character as it
 * is. With {@link #deep}, {@code **} stands for any number of folders besides.
 */
public final class Glob {
  private final String text;
  private final Pattern regex;
  private final boolean literal;

  private Glob(String text, boolean deep) {
    this.text = text;
    this.literal = !hasWildcard(text);
    this.regex = new Translation(text, deep).compile();
  }

  /**
   * As COPY and ADD match their sources.
   *
   * @throws Fault.InvalidArgument on a class that is not closed or a lone backslash at the end
   */
  public static Glob of(String pattern) {
    return new Glob(pattern, false);
  }

  /**
   * As {@code .dockerignore} and {@code --exclude} match.
   *
   * @throws Fault.InvalidArgument as {@link #of}
   */
  public static Glob deep(String pattern) {
    return new Glob(pattern, true);
  }

  /** Whether the text has a character that makes it more than a plain path. */
  public static boolean hasWildcard(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("*?[\\".indexOf(text.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether the whole path matches; its parts are divided by slashes. */
  public boolean matches(String path) {
    return literal ? path.equals(text) : regex.matcher(path).matches();
  }

  /** The part before the first wildcard. */
  String literalPrefix() {
    for (int i = 0; i < text.length(); i++) {
      if ("*?[\\".indexOf(text.charAt(i)) >= 0) {
        return text.substring(0, i);
      }
    }
    return text;
  }

  @Override
  public String toString() {
    return text;
  }

  /** Pattern text to a regular expression. */
  private static final class Translation {
    private final String text;
    private final boolean deep;
    private final StringBuilder out = new StringBuilder();
    private int position;

    Translation(String text, boolean deep) {
      this.text = text;
      this.deep = deep;
    }

    Pattern compile() {
      while (position < text.length()) {
        char c = text.charAt(position);
        position++;
        switch (c) {
          case '*' -> star();
          case '?' -> out.append("[^/]");
          case '[' -> characterClass();
          case '\\' -> literal(escaped());
          default -> literal(c);
        }
      }
      return Pattern.compile(out.toString(), Pattern.DOTALL);
    }

    private void star() {
      if (!deep || position >= text.length() || text.charAt(position) != '*') {
        out.append("[^/]*");
        return;
      }
      while (position < text.length() && text.charAt(position) == '*') {
        position++;
      }
      if (position == text.length()) {
        out.append(".*");
      } else if (text.charAt(position) == '/') {
        position++;
        out.append("(?:.*/)?");
      } else {
        out.append("(?:.*/)?[^/]*");
      }
    }

    private char escaped() {
      if (position >= text.length()) {
        throw syntaxError();
      }
      char c = text.charAt(position);
      position++;
      return c;
    }

    private Fault.InvalidArgument syntaxError() {
      return new Fault.InvalidArgument("syntax error in pattern: \"%s\"".formatted(text));
    }

    private void literal(char c) {
      if (!Character.isLetterOrDigit(c) && c < 128) {
        out.append('\\');
      }
      out.append(c);
    }

    private void characterClass() {
      boolean negated = position < text.length() && text.charAt(position) == '^';
      if (negated) {
        position++;
      }
      out.append("(?!/)[").append(negated ? "^" : "");
      int members = 0;
      while (true) {
        if (position >= text.length()) {
          throw syntaxError();
        }
        if (text.charAt(position) == ']' && members > 0) {
          position++;
          out.append(']');
          return;
        }
        char low = member();
        char high = low;
        if (position < text.length() && text.charAt(position) == '-') {
          position++;
          high = member();
        }
        if (high < low) {
          throw syntaxError();
        }
        literal(low);
        out.append('-');
        literal(high);
        members++;
      }
    }

    private char member() {
      if (position >= text.length()) {
        throw syntaxError();
      }
      char c = text.charAt(position);
      if (c == '-' || c == ']') {
        throw syntaxError();
      }
      position++;
      return c == '\\' ? escaped() : c;
    }
  }
}
