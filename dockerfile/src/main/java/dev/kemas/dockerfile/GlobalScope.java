package dev.kemas.dockerfile;

import dev.kemas.dockerfile.Instruction.Arg;
import dev.kemas.dockerfile.Instruction.Variable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The ARGs before the first FROM, with their values. */
final class GlobalScope {
  /**
   * A declared argument.
   *
   * @param value empty text when it has none
   * @param uses other arguments that its default is made of
   */
  record Declared(
      String name, String value, String description, SourceRange range, Set<String> uses) {}

  private final Scope scope;
  private final Map<String, Declared> declared = new LinkedHashMap<>();

  private GlobalScope(Scope scope) {
    this.scope = scope;
  }

  /**
   * Evaluates them.
   *
   * @param given values that win over the defaults
   */
  static GlobalScope of(Dockerfile file, CheckInputs inputs, Map<String, String> given)
      throws Problem {
    Map<String, String> automatic = new LinkedHashMap<>();
    Platforms.AUTOMATIC.forEach(name -> automatic.put(name, ""));
    automatic.putAll(inputs.platformArguments());
    automatic.replaceAll((name, value) -> inputs.buildArguments().getOrDefault(name, value));
    GlobalScope globals = new GlobalScope(new Scope(file.directives().escape(), automatic));
    for (Arg arg : file.globalArguments()) {
      for (Variable variable : arg.variables()) {
        globals.declare(arg, variable, Optional.ofNullable(given.get(variable.name())));
      }
    }
    return globals;
  }

  private void declare(Arg arg, Variable variable, Optional<String> given) throws Problem {
    Set<String> uses = new LinkedHashSet<>();
    Optional<String> value = given;
    if (value.isEmpty() && variable.defaultValue().isPresent()) {
      Scope.Expanded expanded = scope.word(variable.defaultValue().get());
      uses.addAll(expanded.used());
      value = Optional.of(expanded.text());
      Declared before = declared.get(variable.name());
      if (uses.remove(variable.name()) && before != null) {
        uses.addAll(before.uses());
      }
    }
    value.ifPresent(text -> scope.set(variable.name(), text));
    declared.put(
        variable.name(),
        new Declared(
            variable.name(),
            value.orElse(""),
            Comments.of(arg.node(), variable.name()),
            arg.range(),
            uses));
  }

  Scope scope() {
    return scope;
  }

  Map<String, Declared> declared() {
    return declared;
  }
}
