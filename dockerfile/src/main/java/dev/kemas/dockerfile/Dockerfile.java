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
 * @param text what was read
 * @param globalArguments the ARGs before the first FROM
 * @param stages at least one
 * @param emptyContinuations the last lines of instructions that hold an empty line after a line
 *     continuation
 */
public record Dockerfile(
    String name,
    String text,
    Directives directives,
    List<Arg> globalArguments,
    List<Stage> stages,
    List<SourceRange> emptyContinuations) {
  /** Of the text; what Dockerfiles hold in place of files included. */
  private static final int LONGEST = 4 << 20;

  private static final int MOST_INSTRUCTIONS = 10_000;
  private static final int MOST_STAGES = 1_000;

  /**
   * Reads the text.
   *
   * @throws Fault.InvalidArgument naming file, line and instruction: {@code dockerfile parse error
   *     on line 3: unknown instruction: FORM (did you mean FROM?) [Dockerfile:3 FORM]}; its cause
   *     is a {@link Mistake}. Also when it is larger than any that people write: what a plan of it
   *     takes grows faster than the text
   */
  public static Dockerfile parse(String name, String text) {
    if (text.isEmpty()) {
      throw new Fault.InvalidArgument("the Dockerfile (%s) cannot be empty".formatted(name));
    }
    if (text.length() > LONGEST) {
      throw tooLarge(name, text.length(), "characters", LONGEST, "put files into the context");
    }
    SyntaxTree tree = SyntaxTree.parse(name, text);
    if (tree.nodes().size() > MOST_INSTRUCTIONS) {
      throw tooLarge(
          name, tree.nodes().size(), "instructions", MOST_INSTRUCTIONS, "join some of them");
    }
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
            node.range(),
            node.keyword().toUpperCase(Locale.ROOT),
            "no build stage in current context: the first instruction must be FROM");
      }
    }
    if (from.isEmpty()) {
      throw Problem.fault(
          name, tree.nodes().getLast().range(), "ARG", "dockerfile contains no stages to build");
    }
    stages.add(new Stage(stages.size(), from.get(), List.copyOf(current)));
    if (stages.size() > MOST_STAGES) {
      throw tooLarge(name, stages.size(), "stages", MOST_STAGES, "build some of them before");
    }
    return new Dockerfile(
        name,
        text,
        tree.directives(),
        List.copyOf(globals),
        List.copyOf(stages),
        tree.emptyContinuations());
  }

  private static Fault.InvalidArgument tooLarge(
      String name, int has, String what, int most, String next) {
    return new Fault.InvalidArgument(
        "the Dockerfile (%s) has %d %s, and %d are the most that are built: %s"
            .formatted(name, has, what, most, next));
  }

  /** The last stage of that name among those before the given one, in any case of letters. */
  public Optional<Stage> stage(String label, int before) {
    String lower = label.toLowerCase(Locale.ROOT);
    return stages.subList(0, before).reversed().stream()
        .filter(stage -> stage.from().name().filter(lower::equals).isPresent())
        .findFirst();
  }

  /** For an error: the stage that a name is likely meant to be, {@code (did you mean base?)}. */
  public String nearStage(String name) {
    return Suggestion.of(name, stages.stream().map(Stage::label).toList());
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
        name, instruction.range(), instruction.node().keyword().toUpperCase(Locale.ROOT), message);
  }
}
