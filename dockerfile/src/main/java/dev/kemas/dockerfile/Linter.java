package dev.kemas.dockerfile;

import dev.kemas.dockerfile.Instruction.Arg;
import dev.kemas.dockerfile.Instruction.Cmd;
import dev.kemas.dockerfile.Instruction.Entrypoint;
import dev.kemas.dockerfile.Instruction.Env;
import dev.kemas.dockerfile.Instruction.Expose;
import dev.kemas.dockerfile.Instruction.From;
import dev.kemas.dockerfile.Instruction.Healthcheck;
import dev.kemas.dockerfile.Instruction.Label;
import dev.kemas.dockerfile.Instruction.Maintainer;
import dev.kemas.dockerfile.Instruction.Shell;
import dev.kemas.dockerfile.Instruction.Variable;
import dev.kemas.dockerfile.Instruction.Workdir;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks that need nothing but the text. The rules and their names are those of Docker's build
 * checks, so that a {@code # check=skip=} written for one works in the other.
 */
final class Linter {
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)(?:^|_)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret"
              + "|token)(?:_|$)");
  private static final Pattern NOT_SECRET = Pattern.compile("(?i)(?:^|_)public(?:_|$)");

  private final Directives directives;
  private final List<Arg> globals;
  private final List<Stage> stages;
  private final List<Lint> findings = new ArrayList<>();

  Linter(Directives directives, List<Arg> globals, List<Stage> stages) {
    this.directives = directives;
    this.globals = globals;
    this.stages = stages;
  }

  List<Lint> findings(SyntaxTree tree) {
    for (SourceRange range : tree.emptyContinuations()) {
      report("NoEmptyContinuation", "Empty continuation line", range);
    }
    casing(tree);
    Set<String> names = new HashSet<>();
    for (Stage stage : stages) {
      from(stage.from(), names);
      StageLinter linter = new StageLinter();
      for (Instruction instruction : stage.instructions()) {
        linter.look(instruction);
      }
    }
    findings.sort(Comparator.comparingInt(lint -> lint.range().startLine()));
    return List.copyOf(findings);
  }

  private void report(String rule, String message, SourceRange range) {
    if (directives.checks(rule)) {
      findings.add(new Lint(rule, message, range));
    }
  }

  private void casing(SyntaxTree tree) {
    long lower = tree.nodes().stream().filter(n -> isLower(n.keyword())).count();
    boolean mostlyLower = lower * 2 > tree.nodes().size();
    for (Node node : tree.nodes()) {
      String keyword = node.keyword();
      String wanted =
          mostlyLower ? keyword.toLowerCase(Locale.ROOT) : keyword.toUpperCase(Locale.ROOT);
      if (!keyword.equals(wanted)) {
        report(
            "ConsistentInstructionCasing",
            "Command '%s' should match the case of the command majority (%s)"
                .formatted(keyword, mostlyLower ? "lowercase" : "uppercase"),
            node.range());
      }
    }
  }

  private static boolean isLower(String text) {
    return text.equals(text.toLowerCase(Locale.ROOT));
  }

  private void from(From from, Set<String> names) {
    SourceRange range = from.range();
    List<String> words = Words.plain(from.node().arguments());
    if (words.size() == 3) {
      String as = words.get(1);
      String keyword = from.node().keyword();
      if (isLower(as) != isLower(keyword)) {
        report(
            "FromAsCasing",
            "'%s' and '%s' keywords' casing do not match".formatted(as, keyword),
            range);
      }
      String name = words.get(2);
      if (!isLower(name)) {
        report("StageNameCasing", "Stage name '%s' should be lowercase".formatted(name), range);
      }
    }
    from.name()
        .ifPresent(name -> {
          if (name.equals("scratch") || name.equals("context")) {
            report(
                "ReservedStageName",
                "Stage name should not use the same name as reserved stage \"%s\"".formatted(name),
                range);
          }
          if (!names.add(name)) {
            report(
                "DuplicateStageName",
                "Duplicate stage name \"%s\", stage names should be unique".formatted(name),
                range);
          }
        });
    platform(from);
    undefinedInFrom(from);
  }

  private void platform(From from) {
    String platform = from.platform().orElse("");
    if (platform.equals("$TARGETPLATFORM") || platform.equals("${TARGETPLATFORM}")) {
      report(
          "RedundantTargetPlatform",
          "Setting platform to predefined %s in FROM is redundant as this is the default behavior"
              .formatted(platform),
          from.range());
    } else if (!platform.isEmpty() && platform.indexOf('$') < 0) {
      report(
          "FromPlatformFlagConstDisallowed",
          "FROM --platform flag should not use constant value \"%s\"".formatted(platform),
          from.range());
    }
  }

  private void undefinedInFrom(From from) {
    Set<String> defined = new HashSet<>(Platforms.AUTOMATIC);
    for (Arg arg : globals) {
      for (Variable variable : arg.variables()) {
        defined.add(variable.name());
      }
    }
    Set<String> missing = new HashSet<>();
    Expansion.Variables seen =
        name -> {
          if (!defined.contains(name)) {
            missing.add(name);
          }
          return Optional.of("x");
        };
    expandQuietly(from.image(), seen);
    expandQuietly(from.platform().orElse(""), seen);
    for (String name : missing) {
      report(
          "UndefinedArgInFrom", "FROM argument '%s' is not declared".formatted(name), from.range());
    }
  }

  /** What cannot be expanded is an error of the build, not a finding. */
  private void expandQuietly(String text, Expansion.Variables variables) {
    try {
      new ExpansionScanner(text, directives.escape(), variables, true).scan();
    } catch (Problem problem) {
      // the build reports it with the values at hand
    }
  }

  /** The rules that look at one instruction in the light of those before it in its stage. */
  private final class StageLinter {
    private boolean shellSet;
    private boolean workdirSet;
    private boolean healthcheckSet;
    private boolean cmdSet;
    private boolean entrypointSet;

    void look(Instruction instruction) {
      SourceRange range = instruction.range();
      switch (instruction) {
        case Cmd cmd -> {
          once("CMD", cmdSet, range);
          cmdSet = true;
          preferJson("CMD", cmd.command(), range);
        }
        case Entrypoint entrypoint -> {
          once("ENTRYPOINT", entrypointSet, range);
          entrypointSet = true;
          preferJson("ENTRYPOINT", entrypoint.command(), range);
        }
        case Healthcheck healthcheck -> {
          once("HEALTHCHECK", healthcheckSet, range);
          healthcheckSet = true;
        }
        case Shell shell -> shellSet = true;
        case Maintainer maintainer ->
            report(
                "MaintainerDeprecated",
                "Maintainer instruction is deprecated in favor of using label",
                range);
        case Workdir workdir -> workdir(workdir);
        case Env env -> {
          legacy("ENV", env.node(), range);
          env.pairs().forEach(pair -> secret("ENV", pair.name(), range));
        }
        case Label label -> legacy("LABEL", label.node(), range);
        case Arg arg -> arg.variables().forEach(variable -> secret("ARG", variable.name(), range));
        case Expose expose -> expose.ports().forEach(port -> port(port, range));
        case Instruction.Add add -> {}
        case Instruction.Copy copy -> {}
        case From from -> {}
        case Instruction.OnBuild onBuild -> {}
        case Instruction.Run run -> {}
        case Instruction.StopSignal stopSignal -> {}
        case Instruction.User user -> {}
        case Instruction.Volume volume -> {}
      }
    }

    private void once(String keyword, boolean seen, SourceRange range) {
      if (seen) {
        report(
            "MultipleInstructionsDisallowed",
            ("Multiple %s instructions should not be used in the same stage because only the last"
                    + " one will be used")
                .formatted(keyword),
            range);
      }
    }

    private void preferJson(String keyword, CommandLine command, SourceRange range) {
      if (command instanceof CommandLine.Shell && !shellSet) {
        report(
            "JSONArgsRecommended",
            ("JSON arguments recommended for %s to prevent unintended behavior related to OS"
                    + " signals")
                .formatted(keyword),
            range);
      }
    }

    private void workdir(Workdir workdir) {
      String path = workdir.path();
      boolean absolute = path.startsWith("/") || path.startsWith("$") || path.startsWith("\"/");
      if (!absolute && !workdirSet) {
        report(
            "WorkdirRelativePath",
            "Relative workdir \"%s\" can have unexpected results if the base image changes"
                .formatted(path),
            workdir.range());
      }
      workdirSet = true;
    }

    private void legacy(String keyword, Node node, SourceRange range) {
      List<String> words = Words.split(node.arguments(), directives.escape());
      if (!words.isEmpty() && !words.getFirst().contains("=")) {
        report(
            "LegacyKeyValueFormat",
            "\"%1$s key=value\" should be used instead of legacy \"%1$s key value\" format"
                .formatted(keyword),
            range);
      }
    }

    private void secret(String keyword, String name, SourceRange range) {
      if (SECRET.matcher(name).find() && !NOT_SECRET.matcher(name).find()) {
        report(
            "SecretsUsedInArgOrEnv",
            "Do not use ARG or ENV instructions for sensitive data (%s \"%s\")"
                .formatted(keyword, name),
            range);
      }
    }

    private void port(String port, SourceRange range) {
      int slash = port.indexOf('/');
      if (slash >= 0 && !isLower(port.substring(slash)) && port.indexOf('$') < 0) {
        report(
            "ExposeProtoCasing",
            "Defined protocol '%s' in EXPOSE instruction should be lowercase".formatted(port),
            range);
      }
      if (port.indexOf(':') >= 0) {
        report(
            "ExposeInvalidFormat",
            ("EXPOSE instruction should not define an IP address or host-port mapping, found"
                    + " '%s'")
                .formatted(port),
            range);
      }
    }
  }
}
