package dev.kemas.api.client;

import dev.kemas.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads JSON values from a stream of UTF-8, one after another with or without white space between
 * them (RFC 8259; the progress streams of the Engine API). It never waits for a byte past the end
 * of a value, so a value is handed on as soon as it is complete.
 *
 * <p>Not for several threads. Faults: {@link Fault.InvalidArgument} for text that is not JSON,
 * {@link Fault.Unavailable} when the stream breaks.
 */
public final class JsonReader {
  private static final int MAX_DEPTH = 512;

  private final InputStream in;
  private byte[] buffer = new byte[8192];
  private int position;
  private int limit;
  private long before;

  public JsonReader(InputStream in) {
    this.in = in;
  }

  static Json parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new JsonReader(new ByteArrayInputStream(bytes)).only();
  }

  /** The next value; empty at the end of the stream. */
  public Optional<Json> next() {
    return skipSpace() < 0 ? Optional.empty() : Optional.of(value(0));
  }

  /** The one value of this stream. */
  public Json only() {
    if (skipSpace() < 0) {
      throw broken("no value");
    }
    Json value = value(0);
    if (skipSpace() >= 0) {
      throw broken("text after the value");
    }
    return value;
  }

  private Json value(int depth) {
    if (depth > MAX_DEPTH) {
      throw broken("nested deeper than " + MAX_DEPTH);
    }
    int c = skipSpace();
    if (c == '{') {
      return object(depth);
    }
    if (c == '[') {
      return list(depth);
    }
    if (c == '"') {
      return new Json.Str(string());
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
      return number();
    }
    return word();
  }

  private Json object(int depth) {
    Json.Obj object = new Json.Obj();
    position++;
    if (skipSpace() == '}') {
      position++;
      return object;
    }
    while (true) {
      if (skipSpace() != '"') {
        throw broken("a field name was expected");
      }
      String name = string();
      if (skipSpace() != ':') {
        throw broken("a colon was expected after \"" + name + "\"");
      }
      position++;
      object.put(name, value(depth + 1));
      if (endsAfter('}')) {
        return object;
      }
    }
  }

  private Json list(int depth) {
    Json.Arr list = new Json.Arr();
    position++;
    if (skipSpace() == ']') {
      position++;
      return list;
    }
    while (true) {
      list.add(value(depth + 1));
      if (endsAfter(']')) {
        return list;
      }
    }
  }

  private boolean endsAfter(char end) {
    int c = skipSpace();
    if (c != ',' && c != end) {
      throw broken("a comma or " + end + " was expected");
    }
    position++;
    return c == end;
  }

  private Json number() {
    int c = peek();
    StringBuilder digits = new StringBuilder();
    while (c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E' || (c >= '0' && c <= '9')) {
      digits.append((char) c);
      position++;
      c = peek();
    }
    if (digits.length() == 1 && digits.charAt(0) == '-') {
      throw broken("a digit was expected after the minus");
    }
    return new Json.Num(digits.toString());
  }

  private Json word() {
    StringBuilder word = new StringBuilder();
    for (int c = peek(); c >= 'a' && c <= 'z' && word.length() < 6; c = peek()) {
      word.append((char) c);
      position++;
    }
    return switch (word.toString()) {
      case "true" -> new Json.Bool(true);
      case "false" -> new Json.Bool(false);
      case "null" -> Json.Null.VALUE;
      default -> throw broken("a value was expected");
    };
  }

  private String string() {
    position++;
    int start = position;
    for (int i = start; i < limit; i++) {
      byte b = buffer[i];
      if (b == '"') {
        position = i + 1;
        return new String(buffer, start, i - start, StandardCharsets.UTF_8);
      }
      if (b == '\\') {
        break;
      }
    }
    return slowString();
  }

  /** A string with escapes, or one that reaches past the bytes that are here. */
  private String slowString() {
    byte[] text = new byte[64];
    int length = 0;
    while (true) {
      int c = peek();
      position++;
      if (c == '"') {
        return new String(text, 0, length, StandardCharsets.UTF_8);
      }
      if (c < 0) {
        throw broken("a string without its end");
      }
      if (text.length - length < 8) {
        text = Arrays.copyOf(text, text.length * 2);
      }
      if (c != '\\') {
        text[length++] = (byte) c;
        continue;
      }
      byte[] escaped = escape().getBytes(StandardCharsets.UTF_8);
      System.arraycopy(escaped, 0, text, length, escaped.length);
      length += escaped.length;
    }
  }

  private String escape() {
    int c = peek();
    position++;
    return switch (c) {
      case '"', '\\', '/' -> Character.toString(c);
      case 'b' -> "\b";
      case 'f' -> "\f";
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case 'u' -> unicode();
      default -> throw broken("an unknown escape");
    };
  }

  private String unicode() {
    char first = hex();
    if (!Character.isHighSurrogate(first) || peek() != '\\') {
      return Character.toString(first);
    }
    position++;
    if (peek() != 'u') {
      throw broken("half of a surrogate pair");
    }
    position++;
    return new String(new char[] {first, hex()});
  }

  private char hex() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw broken("four hexadecimal digits were expected");
      }
      position++;
      value = value * 16 + digit;
    }
    return (char) value;
  }

  private int skipSpace() {
    int c = peek();
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      position++;
      c = peek();
    }
    return c;
  }

  private int peek() {
    if (position < limit) {
      return buffer[position] & 0xff;
    }
    try {
      before += limit;
      limit = Math.max(0, in.read(buffer, 0, buffer.length));
    } catch (IOException e) {
      throw new Fault.Unavailable("the connection broke in the middle of an answer: " + e, e);
    }
    position = 0;
    if (limit == 0) {
      return -1;
    }
    return buffer[0] & 0xff;
  }

  private Fault broken(String what) {
    return new Fault.InvalidArgument("malformed JSON at byte " + (before + position) + ": " + what);
  }
}
