package dev.kemas.dockerfile;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** One pass over a word. One use, one thread. */
final class ExpansionScanner {
  record Result(String text, List<String> words) {}

  /** The result so far, whole and split. */
  private static final class Output {
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder word = new StringBuilder();
    private final List<String> words = new ArrayList<>();

    private final int most;

    Output(int most) {
      this.most = most;
    }

    /** Text that was quoted or escaped: blanks in it do not split. */
    void quoted(String part) throws Problem {
      add(text, part, most);
      word.append(part);
    }

    void open(String part) throws Problem {
      add(text, part, most);
      for (int i = 0; i < part.length(); i++) {
        char c = part.charAt(i);
        if (Words.isSpace(c)) {
          endWord();
        } else {
          word.append(c);
        }
      }
    }

    void endWord() {
      if (!word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
  }

  private static final int END = -1;

  /** Characters that variables may make a text grow to; a longer one may be as long as it is. */
  private static final int LONGEST = 1 << 20;

  /** What nobody writes, and a stack still holds. */
  private static final int DEEPEST = 100;

  private final String source;
  private final char escape;
  private final Expansion.Variables variables;
  private final boolean quotes;
  private final int most;
  private int position;
  private int depth;

  ExpansionScanner(String source, char escape, Expansion.Variables variables, boolean quotes) {
    this.source = source;
    this.escape = escape;
    this.variables = variables;
    this.quotes = quotes;
    this.most = Math.max(LONGEST, source.length());
  }

  private static void add(StringBuilder to, CharSequence part, int most) throws Problem {
    if (part.length() > most - to.length()) {
      throw new Problem("variables make it longer than %d characters".formatted(most));
    }
    to.append(part);
  }

  Result scan() throws Problem {
    Output output = until(END, false);
    output.endWord();
    return new Result(output.text.toString(), List.copyOf(output.words));
  }

  private int peek() {
    return position < source.length() ? source.charAt(position) : END;
  }

  private Output until(int stop, boolean rawEscapes) throws Problem {
    if (depth == DEEPEST) {
      throw new Problem("substitutions are nested more than %d deep".formatted(DEEPEST));
    }
    depth++;
    Output output = inner(stop, rawEscapes);
    depth--;
    return output;
  }

  private Output inner(int stop, boolean rawEscapes) throws Problem {
    Output output = new Output(most);
    while (position < source.length()) {
      char c = source.charAt(position);
      if (c == stop) {
        position++;
        return output;
      }
      if (c == '$') {
        output.open(dollar());
      } else if (quotes && c == '\'') {
        output.quoted(singleQuoted());
      } else if (quotes && c == '"') {
        output.quoted(doubleQuoted(rawEscapes));
      } else if (c == escape) {
        position++;
        String kept = rawEscapes ? String.valueOf(c) : "";
        if (position < source.length()) {
          kept += source.charAt(position);
          position++;
        }
        output.quoted(kept);
      } else {
        position++;
        output.open(String.valueOf(c));
      }
    }
    if (stop != END) {
      throw new Problem(
          stop == '}' ? "syntax error: missing '}'" : "syntax error: missing '/' in ${}");
    }
    return output;
  }

  private String singleQuoted() throws Problem {
    int end = source.indexOf('\'', position + 1);
    if (end < 0) {
      throw new Problem("unexpected end of statement while looking for matching single-quote");
    }
    String text = source.substring(position + 1, end);
    position = end + 1;
    return text;
  }

  private String doubleQuoted(boolean rawEscapes) throws Problem {
    position++;
    StringBuilder text = new StringBuilder();
    while (position < source.length()) {
      char c = source.charAt(position);
      if (c == '"') {
        position++;
        return text.toString();
      }
      if (c == '$') {
        add(text, dollar(), most);
        continue;
      }
      position++;
      int next = peek();
      if (c == escape && next == END) {
        break;
      }
      if (c == escape && (next == '"' || next == '$' || next == escape)) {
        if (rawEscapes) {
          text.append(c);
        }
        text.append((char) next);
        position++;
      } else {
        text.append(c);
      }
    }
    throw new Problem("unexpected end of statement while looking for matching double-quote");
  }

  private String dollar() throws Problem {
    position++;
    if (peek() != '{') {
      String name = name();
      return name.isEmpty() ? "$" : variables.value(name).orElse("");
    }
    position++;
    switch (peek()) {
      case END -> throw new Problem("syntax error: missing '}'");
      case '{', '}', ':' -> throw new Problem("syntax error: bad substitution");
      default -> {
        // a name begins here
      }
    }
    String name = name();
    int modifier = peek();
    position++;
    return switch (modifier) {
      case '}' -> variables.value(name).orElse("");
      case ':' -> {
        int second = peek();
        position++;
        yield switch (second) {
          case '-', '+', '?' -> conditional(name, (char) second, true);
          case END -> throw new Problem("syntax error: missing '}'");
          default -> throw unsupported(":" + (char) second);
        };
      }
      case '-', '+', '?' -> conditional(name, (char) modifier, false);
      case '#', '%' -> trimmed(name, (char) modifier);
      case '/' -> replaced(name);
      case END -> throw new Problem("syntax error: missing '}'");
      default -> throw unsupported(String.valueOf((char) modifier));
    };
  }

  private static Problem unsupported(String modifier) {
    return new Problem("unsupported modifier (%s) in substitution".formatted(modifier));
  }

  private String conditional(String name, char modifier, boolean emptyIsUnset) throws Problem {
    String word = until('}', false).text.toString();
    Optional<String> value = variables.value(name);
    boolean missing = value.isEmpty() || (emptyIsUnset && value.get().isEmpty());
    return switch (modifier) {
      case '-' -> missing ? word : value.orElse("");
      case '+' -> missing ? "" : word;
      default -> {
        if (missing) {
          String why =
              value.isPresent() ? "is not allowed to be empty" : "is not allowed to be unset";
          throw new Problem("%s: %s".formatted(name, word.isEmpty() ? why : word));
        }
        yield value.orElse("");
      }
    };
  }

  private String trimmed(String name, char modifier) throws Problem {
    String word = until('}', true).text.toString();
    boolean longest = word.indexOf(modifier) == 0;
    Wildcard pattern = Wildcard.of(longest ? word.substring(1) : word);
    String value = variables.value(name).orElse("");
    boolean prefix = modifier == '#';
    BitSet ends =
        prefix
            ? pattern.ends(value, 0)
            : pattern.reversed().ends(new StringBuilder(value).reverse(), 0);
    if (ends.isEmpty()) {
      return value;
    }
    int size = longest ? ends.length() - 1 : ends.nextSetBit(0);
    return prefix ? value.substring(size) : value.substring(0, value.length() - size);
  }

  private String replaced(String name) throws Problem {
    boolean all = peek() == '/';
    if (all) {
      position++;
    }
    Wildcard pattern = Wildcard.of(until('/', true).text.toString());
    String replacement = until('}', true).text.toString();
    String value = variables.value(name).orElse("");
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at <= value.length()) {
      BitSet ends = pattern.ends(value, at);
      int end = ends.length() - 1;
      if (end >= at) {
        add(out, replacement, most);
        if (!all) {
          return out.append(value, end, value.length()).toString();
        }
      }
      if (end > at) {
        at = end;
        if (at == value.length()) {
          return out.toString();
        }
      } else {
        if (at < value.length()) {
          add(out, value.subSequence(at, at + 1), most);
        }
        at++;
      }
    }
    return out.toString();
  }

  /** A name, a run of digits, or one of the shell's special parameters. */
  private String name() {
    int start = position;
    if (position < source.length()) {
      char first = source.charAt(position);
      if (isDigit(first)) {
        while (position < source.length() && isDigit(source.charAt(position))) {
          position++;
        }
        return source.substring(start, position);
      }
      if ("@*#?-$!".indexOf(first) >= 0) {
        position++;
        return source.substring(start, position);
      }
    }
    while (position < source.length() && isNamePart(source.charAt(position))) {
      position++;
    }
    return source.substring(start, position);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNamePart(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }
}
