package dev.kemas.dockerfile;

import dev.kemas.dockerfile.Instruction.Arg;
import dev.kemas.dockerfile.Instruction.From;
import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A Dockerfile, read and checked as far as its text alone allows.
 *
 * @param name how errors call it, its path in the context
 * @param globalArguments the ARGs before the first FROM
 * @param stages at least one
 * @param findings what lint has to say, in the order of the lines
 */
public record Dockerfile(
    String name,
    Directives directives,
    List<Arg> globalArguments,
    List<Stage> stages,
    List<Lint> findings) {

  /**
   * Reads the text.
   *
   * @throws Fault.InvalidArgument naming file, line and instruction: {@code dockerfile parse error
   *     on line 3: unknown instruction: FORM (did you mean FROM?) [Dockerfile:3 FORM]}
   */
  public static Dockerfile parse(String name, String text) {
    if (text.isEmpty()) {
      throw new Fault.InvalidArgument("the Dockerfile (%s) cannot be empty".formatted(name));
    }
    SyntaxTree tree = SyntaxTree.parse(name, text);
    char escape = tree.directives().escape();
    List<Arg> globals = new ArrayList<>();
    List<Stage> stages = new ArrayList<>();
    List<Instruction> current = new ArrayList<>();
    Optional<From> from = Optional.empty();
    for (Node node : tree.nodes()) {
      Instruction instruction = InstructionReader.read(name, node, escape);
      if (instruction instanceof From next) {
        from.ifPresent(f -> stages.add(new Stage(stages.size(), f, List.copyOf(current))));
        current.clear();
        from = Optional.of(next);
      } else if (from.isPresent()) {
        current.add(instruction);
      } else if (instruction instanceof Arg arg) {
        globals.add(arg);
      } else {
        throw Problem.fault(
            name,
            node.range().startLine(),
            node.keyword().toUpperCase(Locale.ROOT),
            "no build stage in current context: the first instruction must be FROM");
      }
    }
    if (from.isEmpty()) {
      throw Problem.fault(
          name,
          tree.nodes().getLast().range().startLine(),
          "ARG",
          "dockerfile contains no stages to build");
    }
    stages.add(new Stage(stages.size(), from.get(), List.copyOf(current)));
    List<Lint> findings =
        new Linter(tree.directives(), List.copyOf(globals), List.copyOf(stages)).findings(tree);
    Dockerfile dockerfile =
        new Dockerfile(
            name, tree.directives(), List.copyOf(globals), List.copyOf(stages), findings);
    if (tree.directives().checksAreErrors() && !findings.isEmpty()) {
      Lint first = findings.getFirst();
      throw Problem.fault(
          name,
          first.range().startLine(),
          "",
          "lint violation %s: %s".formatted(first.rule(), first.message()));
    }
    return dockerfile;
  }

  /** Where an instruction stands, for errors of a build that runs: {@code Dockerfile:3 COPY}. */
  public String place(Instruction instruction) {
    return "%s:%d %s"
        .formatted(
            name,
            instruction.range().startLine(),
            instruction.node().keyword().toUpperCase(Locale.ROOT));
  }

  /** A fault that blames the instruction, for what only a build can find out. */
  public Fault.InvalidArgument blame(Instruction instruction, String message) {
    return Problem.fault(
        name,
        instruction.range().startLine(),
        instruction.node().keyword().toUpperCase(Locale.ROOT),
        message);
  }
}
