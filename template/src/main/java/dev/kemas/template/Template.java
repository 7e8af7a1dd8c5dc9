package dev.kemas.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A template that was read. Data are {@link Row}, {@code Json}, strings, numbers, truth values and
 * lists of them. Throws {@link TemplateError} with Go's words.
 */
public final class Template {
  private static final int MAX_DEPTH = 100;

  private final List<Node> nodes;

  private Template(List<Node> nodes) {
    this.nodes = nodes;
  }

  /** Reads a template. */
  public static Template parse(String text) {
    return new Template(Parser.parse(text));
  }

  /** What the template says about {@code data}. */
  public String apply(Object data) {
    return new Run(data, Names.STRICT).text(nodes);
  }

  /**
   * As {@link #apply}, for the line of headings over a table: a field is the heading, and functions
   * that would take it apart leave it whole.
   */
  public String applyToHeadings(Row headings) {
    return new Run(headings, Names.HEADING).text(nodes);
  }

  private enum Names {
    STRICT,
    HEADING
  }

  /** One application: the output and the variables in sight. */
  private static final class Run {
    private final StringBuilder out = new StringBuilder();
    private final Deque<Map<String, Object>> scopes = new ArrayDeque<>();
    private final Names names;
    private final Object root;
    private int depth;

    Run(Object root, Names names) {
      this.root = root;
      this.names = names;
      scopes.push(new HashMap<>());
      scopes.element().put("$", root);
    }

    String text(List<Node> nodes) {
      all(nodes, root);
      return out.toString();
    }

    private void all(List<Node> nodes, Object dot) {
      for (Node node : nodes) {
        if (node instanceof Node.Text text) {
          out.append(text.text());
        } else if (node instanceof Node.Action action) {
          Object value = evaluate(action.pipeline(), dot);
          if (action.pipeline().variables().isEmpty()) {
            out.append(GoText.print(value));
          }
        } else if (node instanceof Node.Block block) {
          block(block, dot);
        }
      }
    }

    private void block(Node.Block block, Object dot) {
      scopes.push(new HashMap<>());
      try {
        if (block.keyword().equals("range")) {
          range(block, dot);
          return;
        }
        Object value = evaluate(block.pipeline(), dot);
        boolean isWith = block.keyword().equals("with");
        if (GoText.isTrue(value)) {
          all(block.body(), isWith ? value : dot);
        } else {
          all(block.otherwise(), dot);
        }
      } finally {
        scopes.pop();
      }
    }

    private void range(Node.Block block, Object dot) {
      List<String> variables = block.pipeline().variables();
      Object whole =
          evaluate(new Node.Pipeline(List.of(), false, block.pipeline().commands()), dot);
      List<Object> keys = new ArrayList<>();
      List<Object> values = new ArrayList<>();
      GoText.members(whole, keys, values);
      if (values.isEmpty()) {
        all(block.otherwise(), dot);
      }
      for (int i = 0; i < values.size(); i++) {
        if (variables.size() == 1) {
          scopes.element().put(variables.get(0), values.get(i));
        } else if (variables.size() == 2) {
          scopes.element().put(variables.get(0), keys.get(i));
          scopes.element().put(variables.get(1), values.get(i));
        }
        all(block.body(), values.get(i));
      }
    }

    private Object evaluate(Node.Pipeline pipeline, Object dot) {
      if (++depth > MAX_DEPTH) {
        throw new TemplateError("template: :1: exceeded maximum template depth");
      }
      Object value = GoText.NO_VALUE;
      boolean first = true;
      for (Node.Command command : pipeline.commands()) {
        value = command(command, dot, first ? List.of() : List.of(value));
        first = false;
      }
      depth--;
      for (String variable : pipeline.variables()) {
        assign(variable, value, pipeline.declares());
      }
      return value;
    }

    private void assign(String variable, Object value, boolean declares) {
      if (!declares) {
        for (Map<String, Object> scope : scopes) {
          if (scope.containsKey(variable)) {
            scope.put(variable, value);
            return;
          }
        }
        throw new TemplateError("template: :1: undefined variable \"" + variable + "\"");
      }
      scopes.element().put(variable, value);
    }

    private Object command(Node.Command command, Object dot, List<Object> piped) {
      Node.Operand head = command.operands().getFirst();
      boolean isFunction =
          head.start().kind() == Token.Kind.WORD && !isConstant(head.start().text());
      if (isFunction) {
        String name = head.start().text();
        if (name.equals("and") || name.equals("or")) {
          return shortCircuit(name.equals("and"), command, dot, piped);
        }
        List<Object> arguments = arguments(command, dot, piped);
        Object result = Functions.call(name, arguments, names == Names.HEADING);
        return fields(result, head, head.fields(), List.of());
      }
      return operand(head, dot, arguments(command, dot, piped));
    }

    private Object shortCircuit(
        boolean wanted, Node.Command command, Object dot, List<Object> piped) {
      Object value = wanted;
      for (Node.Operand operand : command.operands().subList(1, command.operands().size())) {
        value = operand(operand, dot, List.of());
        if (GoText.isTrue(value) != wanted) {
          return value;
        }
      }
      return piped.isEmpty() ? value : piped.getFirst();
    }

    private List<Object> arguments(Node.Command command, Object dot, List<Object> piped) {
      List<Object> arguments = new ArrayList<>();
      for (Node.Operand operand : command.operands().subList(1, command.operands().size())) {
        arguments.add(operand(operand, dot, List.of()));
      }
      arguments.addAll(piped);
      return arguments;
    }

    private static boolean isConstant(String word) {
      return word.equals("true") || word.equals("false") || word.equals("nil");
    }

    private Object operand(Node.Operand operand, Object dot, List<Object> arguments) {
      Token start = operand.start();
      if (!operand.inner().isEmpty()) {
        return fields(
            evaluate(operand.inner().getFirst(), dot), operand, operand.fields(), arguments);
      }
      return switch (start.kind()) {
        case FIELD -> {
          List<String> path = new ArrayList<>();
          if (!start.text().isEmpty()) {
            path.add(start.text());
          }
          path.addAll(operand.fields());
          yield fields(dot, operand, path, arguments);
        }
        case VARIABLE -> fields(variable(start.text()), operand, operand.fields(), arguments);
        case STRING -> start.text();
        case NUMBER -> GoText.number(start.text());
        case WORD -> word(start.text());
        case SIGN -> throw new TemplateError("template: :1: unexpected " + start.text());
      };
    }

    private static Object word(String word) {
      if (word.equals("nil")) {
        return GoText.NO_VALUE;
      }
      if (isConstant(word)) {
        return word.equals("true");
      }
      return Functions.call(word, List.of(), false);
    }

    private Object variable(String name) {
      for (Map<String, Object> scope : scopes) {
        Object value = scope.get(name);
        if (value != null) {
          return value;
        }
      }
      throw new TemplateError("template: :1: undefined variable \"" + name + "\"");
    }

    private static Object fields(
        Object from, Node.Operand operand, List<String> path, List<Object> arguments) {
      Object value = from;
      for (int i = 0; i < path.size(); i++) {
        boolean last = i == path.size() - 1;
        value = GoText.field(value, path.get(i), last ? arguments : List.of(), operand);
      }
      return value;
    }
  }
}
