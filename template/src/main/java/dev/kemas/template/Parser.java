package dev.kemas.template;

import java.util.ArrayList;
import java.util.List;

/** Reads a template into nodes. */
final class Parser {
  private final String source;
  private int at;
  private List<Token> tokens = List.of();
  private int next;
  private String ender = "";

  private Parser(String source) {
    this.source = source;
  }

  static List<Node> parse(String source) {
    Parser parser = new Parser(source);
    List<Node> nodes = parser.nodes(true);
    return nodes;
  }

  /** Nodes up to {@code end} or {@code else}, which is left in {@link #ender}. */
  private List<Node> nodes(boolean top) {
    List<Node> nodes = new ArrayList<>();
    while (true) {
      int open = source.indexOf("{{", at);
      if (open < 0) {
        if (!top) {
          throw new TemplateError("template: :1: unexpected EOF");
        }
        text(nodes, source.substring(at), false);
        return nodes;
      }
      boolean trims = source.startsWith("{{- ", open);
      text(nodes, source.substring(at, open), trims);
      String action = action(open + (trims ? 3 : 2));
      if (action.startsWith("/*")) {
        continue;
      }
      tokens = Lexer.tokens(action);
      next = 0;
      String keyword = word();
      if (keyword.equals("end") || keyword.equals("else")) {
        if (top) {
          throw new TemplateError("template: :1: unexpected {{" + keyword + "}}");
        }
        ender = keyword;
        return nodes;
      }
      nodes.add(node(keyword));
    }
  }

  private static void text(List<Node> nodes, String text, boolean trimmed) {
    String kept = trimmed ? text.stripTrailing() : text;
    if (!kept.isEmpty()) {
      nodes.add(new Node.Text(kept));
    }
  }

  /** The inside of the action that starts here; moves behind it. */
  private String action(int start) {
    int i = start;
    while (i < source.length()) {
      char c = source.charAt(i);
      if (c == '"' || c == '`') {
        i = endOfQuote(i, c);
      } else if (source.startsWith("}}", i)) {
        String inside = source.substring(start, i);
        at = i + 2;
        if (inside.endsWith(" -")) {
          inside = inside.substring(0, inside.length() - 2);
          while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            at++;
          }
        }
        return inside.strip();
      }
      i++;
    }
    throw new TemplateError("template: :1: unclosed action");
  }

  private int endOfQuote(int start, char quote) {
    for (int i = start + 1; i < source.length(); i++) {
      if (source.charAt(i) == '\\' && quote == '"') {
        i++;
      } else if (source.charAt(i) == quote) {
        return i;
      }
    }
    throw new TemplateError("template: :1: unterminated quoted string");
  }

  private String word() {
    return next < tokens.size() && tokens.get(next).kind() == Token.Kind.WORD
        ? tokens.get(next).text()
        : "";
  }

  private Node node(String keyword) {
    if (!keyword.equals("if") && !keyword.equals("range") && !keyword.equals("with")) {
      Node action = new Node.Action(pipeline());
      expectEnd();
      return action;
    }
    next++;
    Node.Pipeline condition = pipeline();
    expectEnd();
    List<Node> body = nodes(false);
    return new Node.Block(keyword, condition, body, otherwise());
  }

  private List<Node> otherwise() {
    if (!ender.equals("else")) {
      return List.of();
    }
    next++;
    String keyword = word();
    if (keyword.equals("if") || keyword.equals("with")) {
      // an else-if shares the end of the whole chain
      return List.of(node(keyword));
    }
    List<Node> nodes = nodes(false);
    if (ender.equals("else")) {
      throw new TemplateError("template: :1: expected end; found {{else}}");
    }
    return nodes;
  }

  private void expectEnd() {
    if (next < tokens.size()) {
      throw new TemplateError(
          "template: :1: unexpected \"" + tokens.get(next).text() + "\" in operand");
    }
  }

  private Node.Pipeline pipeline() {
    List<String> variables = new ArrayList<>();
    boolean declares = false;
    int sign = assignment();
    if (sign >= 0) {
      for (int i = next; i < sign; i++) {
        if (tokens.get(i).kind() == Token.Kind.VARIABLE) {
          variables.add(tokens.get(i).text());
        }
      }
      declares = tokens.get(sign).text().equals(":=");
      next = sign + 1;
    }
    List<Node.Command> commands = new ArrayList<>();
    commands.add(command());
    while (next < tokens.size() && tokens.get(next).is("|")) {
      next++;
      commands.add(command());
    }
    return new Node.Pipeline(variables, declares, commands);
  }

  /** Where the {@code :=} or {@code =} of the pipeline that starts here is; -1 if it has none. */
  private int assignment() {
    for (int i = next; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.is(":=") || token.is("=")) {
        return i;
      }
      if (token.kind() != Token.Kind.VARIABLE && !token.is(",")) {
        return -1;
      }
    }
    return -1;
  }

  private Node.Command command() {
    List<Node.Operand> operands = new ArrayList<>();
    while (next < tokens.size() && !tokens.get(next).is("|") && !tokens.get(next).is(")")) {
      operands.add(operand());
    }
    if (operands.isEmpty()) {
      throw new TemplateError("template: :1: missing value for command");
    }
    return new Node.Command(operands);
  }

  private Node.Operand operand() {
    Token start = tokens.get(next++);
    List<Node.Pipeline> inner = List.of();
    if (start.is("(")) {
      inner = List.of(pipeline());
      if (next >= tokens.size() || !tokens.get(next).is(")")) {
        throw new TemplateError("template: :1: unclosed left paren");
      }
      next++;
    } else if (start.kind() == Token.Kind.SIGN) {
      throw new TemplateError("template: :1: unexpected \"" + start.text() + "\" in operand");
    }
    List<String> fields = new ArrayList<>();
    while (next < tokens.size()
        && tokens.get(next).kind() == Token.Kind.FIELD
        && !tokens.get(next).spaced()) {
      fields.add(tokens.get(next++).text());
    }
    return new Node.Operand(start, inner, fields);
  }
}
