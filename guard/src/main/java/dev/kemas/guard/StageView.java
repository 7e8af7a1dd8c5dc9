package dev.kemas.guard;

import dev.kemas.dockerfile.Instruction;
import dev.kemas.dockerfile.Instruction.Arg;
import dev.kemas.dockerfile.Instruction.Env;
import dev.kemas.dockerfile.Instruction.Variable;
import dev.kemas.dockerfile.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A stage, each of its lines with the values that hold there. */
final class StageView {
  /** An instruction and the variables before it. */
  record Line(Instruction instruction, Map<String, String> variables) {}

  private final Stage stage;
  private final Optional<String> base;
  private final Optional<StageView> parent;
  private final List<Line> lines = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();

  StageView(BuildView build, Stage stage) {
    this.stage = stage;
    this.base = build.expand(stage.from().image(), build.globals());
    this.parent = base.flatMap(name -> build.stage(name, stage.index()));
    parent.ifPresent(p -> environment.putAll(p.environment));
    Optional.ofNullable(build.facts().bases().get(stage.index()))
        .ifPresent(facts -> environment.putAll(facts.environment()));
    Map<String, String> arguments = new HashMap<>();
    for (Instruction instruction : stage.instructions()) {
      Map<String, String> seen = new HashMap<>(arguments);
      seen.putAll(
          environment); // ENV weighs more than ARG (Dockerfile reference, "Using ARG variables")
      lines.add(new Line(instruction, Map.copyOf(seen)));
      switch (instruction) {
        case Env env ->
            env.pairs()
                .forEach(pair ->
                    build
                        .expand(pair.value(), seen)
                        .ifPresent(value -> environment.put(pair.name(), value)));
        case Arg arg -> {
          for (Variable variable : arg.variables()) {
            String name = variable.name();
            Optional.ofNullable(build.facts().arguments().get(name))
                .or(() -> variable.defaultValue().flatMap(text -> build.expand(text, seen)))
                .or(() -> Optional.ofNullable(build.globals().get(name)))
                .ifPresent(value -> arguments.put(name, value));
          }
        }
        default -> {}
      }
    }
  }

  Stage stage() {
    return stage;
  }

  /** What FROM names, expanded; empty when it hangs on a value that is not known. */
  Optional<String> base() {
    return base;
  }

  /** The stage that FROM names; empty when it is an image. */
  Optional<StageView> parent() {
    return parent;
  }

  List<Line> lines() {
    return lines;
  }
}
