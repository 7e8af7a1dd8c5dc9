package dev.kemas.template;

import java.util.ArrayList;
import java.util.List;

/** Cuts the inside of an action into tokens. */
final class Lexer {
  private final String text;
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  static List<Token> tokens(String action) {
    return new Lexer(action).all();
  }

  private List<Token> all() {
    List<Token> tokens = new ArrayList<>();
    boolean spaced = true;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        at++;
        spaced = true;
        continue;
      }
      tokens.add(token(c, spaced));
      spaced = false;
    }
    return tokens;
  }

  private Token token(char c, boolean spaced) {
    int start = at;
    if (c == '.' && !digitAt(at + 1)) {
      at++;
      return new Token(Token.Kind.FIELD, name(), start, spaced);
    }
    if (c == '$') {
      at++;
      return new Token(Token.Kind.VARIABLE, "$" + name(), start, spaced);
    }
    if (c == '"') {
      return new Token(Token.Kind.STRING, quoted(), start, spaced);
    }
    if (c == '`') {
      int end = text.indexOf('`', at + 1);
      if (end < 0) {
        throw new TemplateError("template: :1: unterminated raw quoted string");
      }
      at = end + 1;
      return new Token(Token.Kind.STRING, text.substring(start + 1, end), start, spaced);
    }
    if (Character.isDigit(c) || c == '-' || c == '+' || c == '.') {
      at++;
      while (at < text.length() && (isNameChar(text.charAt(at)) || text.charAt(at) == '.')) {
        at++;
      }
      return new Token(Token.Kind.NUMBER, text.substring(start, at), start, spaced);
    }
    if (isNameChar(c)) {
      return new Token(Token.Kind.WORD, name(), start, spaced);
    }
    at += text.startsWith(":=", at) ? 2 : 1;
    String sign = text.substring(start, at);
    if ("|(),=:=".indexOf(sign) < 0) {
      throw new TemplateError("template: :1: unexpected \"" + sign + "\" in action");
    }
    return new Token(Token.Kind.SIGN, sign, start, spaced);
  }

  private boolean digitAt(int index) {
    return index < text.length() && Character.isDigit(text.charAt(index));
  }

  private static boolean isNameChar(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }

  private String name() {
    int start = at;
    while (at < text.length() && isNameChar(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private String quoted() {
    StringBuilder out = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      if (c != '\\' || at == text.length()) {
        out.append(c);
        continue;
      }
      char escaped = text.charAt(at++);
      out.append(
          switch (escaped) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            default -> escaped;
          });
    }
    throw new TemplateError("template: :1: unterminated quoted string");
  }
}
