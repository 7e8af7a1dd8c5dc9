package dev.kemas.template;

import java.util.List;

/** A part of a template. */
sealed interface Node {
  /** Text that goes out as it is. */
  record Text(String text) implements Node {}

  /** {@code {{pipeline}}}. */
  record Action(Pipeline pipeline) implements Node {}

  /** {@code if}, {@code range} or {@code with}. */
  record Block(String keyword, Pipeline pipeline, List<Node> body, List<Node> otherwise)
      implements Node {}

  /** {@code $a, $b := command | command}; the variables may be none. */
  record Pipeline(List<String> variables, boolean declares, List<Command> commands) {}

  /** A function or value with its arguments. */
  record Command(List<Operand> operands) {}

  /** A value: what it starts from and the fields that follow. */
  record Operand(Token start, List<Pipeline> inner, List<String> fields) {
    /** As the template spells it. */
    String spelling() {
      StringBuilder text = new StringBuilder();
      if (start.kind() == Token.Kind.FIELD) {
        text.append('.');
      }
      text.append(inner.isEmpty() ? start.text() : "(...)");
      for (String field : fields) {
        text.append('.').append(field);
      }
      return text.toString();
    }
  }
}
