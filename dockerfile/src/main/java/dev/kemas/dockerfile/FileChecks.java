package dev.kemas.dockerfile;

import dev.kemas.dockerfile.Instruction.Arg;
import dev.kemas.dockerfile.Instruction.From;
import dev.kemas.dockerfile.Instruction.Variable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The checks that look at the file as a whole and at its FROMs. */
final class FileChecks {
  private final Dockerfile file;
  private final CheckInputs inputs;
  private final Findings findings;

  FileChecks(Dockerfile file, CheckInputs inputs, Findings findings) {
    this.file = file;
    this.inputs = inputs;
    this.findings = findings;
  }

  void check(GlobalScope globals) {
    for (SourceRange range : file.emptyContinuations()) {
      findings.add(Rule.NO_EMPTY_CONTINUATION, range, "Empty continuation line");
    }
    file.globalArguments().forEach(this::describedArg);
    Set<String> names = new HashSet<>();
    for (Stage stage : file.stages()) {
      words(stage.from());
      name(stage.from(), names);
      for (Instruction instruction : stage.instructions()) {
        if (instruction instanceof Arg arg) {
          describedArg(arg);
        } else if (instruction instanceof Instruction.Maintainer) {
          findings.add(
              Rule.MAINTAINER_DEPRECATED,
              instruction.range(),
              "Maintainer instruction is deprecated in favor of using label");
        }
      }
    }
    casing();
    defaults();
    file.stages().forEach(stage -> from(stage.from(), globals));
  }

  private void casing() {
    List<Node> nodes = new ArrayList<>();
    for (Stage stage : file.stages()) {
      nodes.add(stage.from().node());
      stage.instructions().forEach(instruction -> nodes.add(instruction.node()));
    }
    int lower = 0;
    int upper = 0;
    for (Node node : nodes) {
      if (isLower(node.keyword())) {
        lower++;
      } else if (isUpper(node.keyword())) {
        upper++;
      }
    }
    boolean mostlyLower = lower > upper;
    for (Node node : nodes) {
      String keyword = node.keyword();
      if (mostlyLower ? !isLower(keyword) : !isUpper(keyword)) {
        findings.add(
            Rule.CONSISTENT_INSTRUCTION_CASING,
            node.range(),
            "Command '%s' should match the case of the command majority (%s)"
                .formatted(keyword, mostlyLower ? "lowercase" : "uppercase"));
      }
    }
  }

  private static boolean isLower(String text) {
    return text.equals(text.toLowerCase(Locale.ROOT));
  }

  private static boolean isUpper(String text) {
    return text.equals(text.toUpperCase(Locale.ROOT));
  }

  private void words(From from) {
    List<String> words = Words.plain(from.node().arguments());
    if (words.size() != 3) {
      return;
    }
    String keyword = from.node().keyword();
    String as = words.get(1);
    if (!isLower(words.get(2))) {
      findings.add(
          Rule.STAGE_NAME_CASING,
          from.range(),
          "Stage name '%s' should be lowercase".formatted(words.get(2)));
    }
    boolean differs = isLower(keyword) ? !isLower(as) : isUpper(keyword) && !isUpper(as);
    if (differs) {
      findings.add(
          Rule.FROM_AS_CASING,
          from.range(),
          "'%s' and '%s' keywords' casing do not match".formatted(as, keyword));
    }
    from.name().ifPresent(name -> described("FROM", from.node(), List.of(name)));
  }

  private void describedArg(Arg arg) {
    described("ARG", arg.node(), arg.variables().stream().map(Variable::name).toList());
  }

  private void described(String keyword, Node node, List<String> names) {
    if (node.comments().isEmpty() || names.contains(node.comments().getLast().split(" ", 2)[0])) {
      return;
    }
    findings.add(
        Rule.INVALID_DEFINITION_DESCRIPTION,
        node.range(),
        "Comment for %s should follow the format: `# %s <description>`"
            .formatted(keyword, names.size() > 1 ? "<arg_key>" : names.getFirst()));
  }

  private void name(From from, Set<String> names) {
    Optional<String> name = from.name();
    if (name.isEmpty()) {
      return;
    }
    if (name.get().equals("scratch") || name.get().equals("context")) {
      findings.add(
          Rule.RESERVED_STAGE_NAME,
          from.range(),
          "Stage name should not use the same name as reserved stage \"%s\"".formatted(name.get()));
    }
    if (!names.add(name.get())) {
      findings.add(
          Rule.DUPLICATE_STAGE_NAME,
          from.range(),
          "Duplicate stage name \"%s\", stage names should be unique".formatted(name.get()));
    }
  }

  /** What the bases would be called if the user gave no argument. */
  private void defaults() {
    GlobalScope globals;
    try {
      globals = GlobalScope.of(file, inputs, java.util.Map.of());
    } catch (Problem problem) {
      return; // needs an argument, so there is no default to judge
    }
    Set<String> above = new HashSet<>();
    for (Stage stage : file.stages()) {
      try {
        String name = globals.scope().word(stage.from().image()).text();
        boolean isStage = above.contains(name.toLowerCase(Locale.ROOT));
        stage.from().name().ifPresent(above::add);
        if (!isStage && !ImageName.isValid(name)) {
          findings.add(
              Rule.INVALID_DEFAULT_ARG_IN_FROM,
              stage.from().range(),
              "Default value for ARG %s results in empty or invalid base image name"
                  .formatted(stage.from().image()));
        }
      } catch (Problem problem) {
        return; // as above
      }
    }
  }

  private void from(From from, GlobalScope globals) {
    try {
      undefined(from, globals, globals.scope().word(from.image()).missing());
      if (from.platform().isPresent()) {
        Scope.Expanded platform = globals.scope().word(from.platform().get());
        undefined(from, globals, platform.missing());
        platform(from, globals, platform);
      }
    } catch (Problem problem) {
      throw file.blame(from, problem.text());
    }
  }

  private void undefined(From from, GlobalScope globals, Set<String> missing) {
    Set<String> known = new LinkedHashSet<>(globals.declared().keySet());
    known.addAll(globals.scope().names());
    for (String name : missing) {
      if (!known.contains(name)) {
        findings.add(
            Rule.UNDEFINED_ARG_IN_FROM,
            from.range(),
            "FROM argument '%s' is not declared%s".formatted(name, Suggestion.of(name, known)));
      }
    }
  }

  private void platform(From from, GlobalScope globals, Scope.Expanded platform) {
    if (platform.used().equals(Set.of("TARGETPLATFORM")) && platform.missing().isEmpty()) {
      if (globals.scope().value("TARGETPLATFORM").filter(platform.text()::equals).isPresent()) {
        findings.add(
            Rule.REDUNDANT_TARGET_PLATFORM,
            from.range(),
            ("Setting platform to predefined %s in FROM is redundant as this is the default"
                    + " behavior")
                .formatted(from.platform().orElse("")));
      }
    } else if (platform.used().isEmpty() && platform.missing().isEmpty()) {
      String[] parts = platform.text().split("/", -1);
      String name = from.name().orElse("");
      boolean named = List.of(parts).stream().limit(2).anyMatch(name::contains);
      if (!named && parts.length <= 3 && !platform.text().isEmpty()) {
        findings.add(
            Rule.FROM_PLATFORM_FLAG_CONST_DISALLOWED,
            from.range(),
            "FROM --platform flag should not use constant value \"%s\"".formatted(platform.text()));
      }
    }
  }
}
