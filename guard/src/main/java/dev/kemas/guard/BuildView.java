package dev.kemas.guard;

import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.Expansion;
import dev.kemas.dockerfile.Instruction.Arg;
import dev.kemas.dockerfile.Instruction.Variable;
import dev.kemas.dockerfile.Stage;
import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Dockerfile with the values that its variables have, and the facts beside it. */
final class BuildView {
  private final BeforeBuild build;
  private final Expansion expansion;
  private final Map<String, String> globals = new HashMap<>();
  private final List<StageView> stages = new ArrayList<>();

  BuildView(BeforeBuild build) {
    this.build = build;
    this.expansion = new Expansion(build.dockerfile().directives().escape());
    for (Arg arg : build.dockerfile().globalArguments()) {
      for (Variable variable : arg.variables()) {
        Optional<String> given = Optional.ofNullable(build.arguments().get(variable.name()));
        given
            .or(() -> variable.defaultValue().flatMap(text -> expand(text, globals)))
            .ifPresent(value -> globals.put(variable.name(), value));
      }
    }
    for (Stage stage : build.dockerfile().stages()) {
      stages.add(new StageView(this, stage));
    }
  }

  Dockerfile dockerfile() {
    return build.dockerfile();
  }

  ContextFacts context() {
    return build.context();
  }

  BeforeBuild facts() {
    return build;
  }

  Map<String, String> globals() {
    return globals;
  }

  List<StageView> stages() {
    return stages;
  }

  /** The value after expansion; empty when a variable has no value or the text is malformed. */
  Optional<String> expand(String text, Map<String, String> variables) {
    boolean[] unknown = new boolean[1];
    Expansion.Variables values =
        name -> {
          Optional<String> value = Optional.ofNullable(variables.get(name));
          unknown[0] |= value.isEmpty();
          return value;
        };
    try {
      String expanded = expansion.word(text, values);
      return unknown[0] && expanded.isBlank() ? Optional.empty() : Optional.of(expanded);
    } catch (Fault.InvalidArgument malformed) {
      return Optional.empty(); // the build itself reports it, with the values at hand
    }
  }

  /** A stage before {@code limit} by its name or number. */
  Optional<StageView> stage(String name, int limit) {
    for (int i = Math.min(limit, stages.size()) - 1; i >= 0; i--) {
      StageView view = stages.get(i);
      if (view.stage().from().name().filter(n -> n.equalsIgnoreCase(name)).isPresent()
          || Integer.toString(i).equals(name)) {
        return Optional.of(view);
      }
    }
    return Optional.empty();
  }

  /** The stages whose layers the image has: the target and those it is built upon. */
  List<StageView> imageStages() {
    List<StageView> chain = new ArrayList<>();
    Optional<StageView> at =
        build.target().isEmpty()
            ? Optional.of(stages.getLast())
            : stage(build.target(), stages.size());
    while (at.isPresent()) {
      chain.add(at.get());
      at = at.get().parent();
    }
    return chain;
  }
}
