package dev.kemas.dockerfile;

import dev.kemas.dockerfile.Instruction.Add;
import dev.kemas.dockerfile.Instruction.Arg;
import dev.kemas.dockerfile.Instruction.Copy;
import dev.kemas.dockerfile.Instruction.Env;
import dev.kemas.dockerfile.Instruction.Expose;
import dev.kemas.dockerfile.Instruction.Label;
import dev.kemas.dockerfile.Instruction.Pair;
import dev.kemas.dockerfile.Instruction.Run;
import dev.kemas.dockerfile.Instruction.Transfer;
import dev.kemas.dockerfile.Instruction.Variable;
import dev.kemas.dockerfile.Instruction.Workdir;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The checks that look at one instruction in the light of those before it in its stage. One use,
 * one thread.
 */
final class StageChecks {
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)(?:^|_)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret"
              + "|token)(?:_|$)");
  private static final Pattern NOT_SECRET = Pattern.compile("(?i)(?:^|_)public(?:_|$)");

  private final Dockerfile file;
  private final CheckInputs inputs;
  private final GlobalScope globals;
  private final Findings findings;
  private final Walked stage;
  private final Map<String, SourceRange> seen = new HashMap<>();
  private String workingDirectory = "/";

  StageChecks(
      Dockerfile file, CheckInputs inputs, GlobalScope globals, Findings findings, Walked stage) {
    this.file = file;
    this.inputs = inputs;
    this.globals = globals;
    this.findings = findings;
    this.stage = stage;
  }

  /**
   * Looks at one instruction.
   *
   * @param range what a finding points to: for a trigger that is the FROM of its base
   */
  void look(Instruction instruction, SourceRange range) throws Problem {
    switch (instruction) {
      case Instruction.Cmd cmd -> {
        once("CMD", range, cmd.node());
        preferJson(cmd.node().keyword(), cmd.command(), range);
      }
      case Instruction.Entrypoint entrypoint -> {
        once("ENTRYPOINT", range, entrypoint.node());
        preferJson(entrypoint.node().keyword(), entrypoint.command(), range);
      }
      case Instruction.Healthcheck check -> once("HEALTHCHECK", range, check.node());
      case Instruction.Shell shell -> stage.shell = true;
      case Workdir workdir -> workdir(workdir, range);
      case Env env -> env(env, range);
      case Label label -> {
        expand(label.pairs(), range);
        legacy(label.node(), label.pairs().size(), range);
      }
      case Arg arg -> arg(arg, range);
      case Expose expose -> expose(expose, range);
      case Add add -> transfer(add, Optional.empty(), add.checksum(), range);
      case Copy copy -> transfer(copy, copy.from(), Optional.empty(), range);
      case Run run -> run(run, range);
      case Instruction.StopSignal stop -> word(stop.signal(), range);
      case Instruction.User user -> word(user.user(), range);
      case Instruction.Volume volume -> {
        for (String path : volume.paths()) {
          word(path, range);
        }
      }
      case Instruction.OnBuild onBuild -> stage.triggers.add(onBuild.trigger());
      case Instruction.Maintainer maintainer -> {}
      case Instruction.From from -> {}
    }
  }

  private String word(String text, SourceRange range) throws Problem {
    return noted(stage.scope.word(text), range);
  }

  private String noted(Scope.Expanded expanded, SourceRange range) {
    for (String name : expanded.missing()) {
      if (stage.complete && !stage.arguments.contains(name)) {
        findings.add(
            Rule.UNDEFINED_VAR,
            range,
            "Usage of undefined variable '$%s'%s"
                .formatted(
                    name,
                    Suggestion.nearest(name, stage.scope.names())
                        .map(" (did you mean $%s?)"::formatted)
                        .orElse("")));
      }
    }
    return expanded.text();
  }

  private List<Pair> expand(List<Pair> pairs, SourceRange range) throws Problem {
    List<Pair> expanded = new ArrayList<>();
    for (Pair pair : pairs) {
      expanded.add(new Pair(word(pair.name(), range), word(pair.value(), range)));
    }
    return expanded;
  }

  private void once(String keyword, SourceRange range, Node node) {
    SourceRange before = seen.put(keyword, range);
    if (before != null) {
      findings.add(
          Rule.MULTIPLE_INSTRUCTIONS_DISALLOWED,
          before,
          ("Multiple %s instructions should not be used in the same stage because only the last"
                  + " one will be used")
              .formatted(node.keyword()));
    }
  }

  private void preferJson(String keyword, CommandLine command, SourceRange range) {
    if (command instanceof CommandLine.Shell && !stage.shell) {
      findings.add(
          Rule.JSON_ARGS_RECOMMENDED,
          range,
          "JSON arguments recommended for %s to prevent unintended behavior related to OS signals"
              .formatted(keyword));
    }
  }

  private void workdir(Workdir workdir, SourceRange range) throws Problem {
    String path = word(workdir.path(), range);
    if (!stage.workdir && !path.startsWith("/")) {
      findings.add(
          Rule.WORKDIR_RELATIVE_PATH,
          range,
          "Relative workdir \"%s\" can have unexpected results if the base image changes"
              .formatted(path));
    }
    stage.workdir = true;
    workingDirectory = path.startsWith("/") ? path : workingDirectory + "/" + path;
  }

  private void env(Env env, SourceRange range) throws Problem {
    List<Pair> pairs = expand(env.pairs(), range);
    legacy(env.node(), 1, range);
    for (Pair pair : pairs) {
      secret("ENV", pair.name(), range);
      stage.scope.set(pair.name(), pair.value());
    }
  }

  private void legacy(Node node, int pairs, SourceRange range) {
    List<String> words = Words.split(node.arguments(), file.directives().escape());
    if (pairs == 1 && !words.isEmpty() && !words.getFirst().contains("=")) {
      findings.add(
          Rule.LEGACY_KEY_VALUE_FORMAT,
          range,
          "\"%1$s key=value\" should be used instead of legacy \"%1$s key value\" format"
              .formatted(node.keyword()));
    }
  }

  private void secret(String keyword, String name, SourceRange range) {
    if (SECRET.matcher(name).find() && !NOT_SECRET.matcher(name).find()) {
      findings.add(
          Rule.SECRETS_USED_IN_ARG_OR_ENV,
          range,
          "Do not use ARG or ENV instructions for sensitive data (%s \"%s\")"
              .formatted(keyword, name));
    }
  }

  private void arg(Arg arg, SourceRange range) throws Problem {
    for (Variable variable : arg.variables()) {
      String name = variable.name();
      secret("ARG", name, range);
      Optional<String> given = Optional.ofNullable(inputs.buildArguments().get(name));
      Optional<String> value = given;
      boolean inherited = false;
      if (value.isEmpty() && variable.defaultValue().isPresent()) {
        value = Optional.of(word(variable.defaultValue().get(), range));
      } else if (value.isEmpty()) {
        value = globals.scope().value(name);
        inherited = value.isPresent();
      }
      if (!inherited) {
        stage.declared.put(
            name,
            new GlobalScope.Declared(
                name, value.orElse(""), Comments.of(arg.node(), name), range, Set.of()));
      }
      value.ifPresent(text -> stage.scope.set(name, text));
      stage.used.add(name);
      stage.arguments.add(name);
    }
  }

  private void expose(Expose expose, SourceRange range) {
    Expansion expansion = new Expansion(file.directives().escape());
    Map<String, Integer> sorted = new TreeMap<>();
    expose.ports().forEach(port -> sorted.merge(port, 1, Integer::sum));
    sorted.forEach((text, times) -> {
      for (String port : expansion.words(text, stage.scope::value)) {
        for (int i = 0; i < times; i++) {
          port(port, range);
        }
      }
    });
  }

  private void port(String port, SourceRange range) {
    int slash = port.indexOf('/');
    String protocol = slash < 0 ? "" : port.substring(slash);
    if (!protocol.equals(protocol.toLowerCase(java.util.Locale.ROOT))) {
      findings.add(
          Rule.EXPOSE_PROTO_CASING,
          range,
          "Defined protocol '%s' in EXPOSE instruction should be lowercase".formatted(port));
    }
    if (port.indexOf(':') >= 0 && !port.matches(":[^:]*")) {
      findings.add(
          Rule.EXPOSE_INVALID_FORMAT,
          range,
          "EXPOSE instruction should not define an IP address or host-port mapping, found '%s'"
              .formatted(port));
    }
  }

  private void transfer(
      Transfer transfer, Optional<String> from, Optional<String> checksum, SourceRange range)
      throws Problem {
    word(transfer.chown().orElse(""), range);
    word(transfer.chmod().orElse(""), range);
    word(checksum.orElse(""), range);
    for (CopySource source : transfer.sources()) {
      if (source instanceof CopySource.Location location) {
        ignored(transfer, from.isEmpty(), word(location.text(), range), range);
      }
    }
    word(transfer.destination(), range);
    for (CopySource source : transfer.sources()) {
      if (source instanceof CopySource.Inline inline && inline.heredoc().expand()) {
        noted(stage.scope.document(inline.heredoc().text()), range);
      }
    }
    from.ifPresent(this::need);
  }

  private void ignored(Transfer transfer, boolean context, String path, SourceRange range) {
    boolean address = transfer instanceof Add && path.matches("(?i)[a-z]+://.*|git@.*");
    if (!context || address || !inputs.ignore().filter(rules -> rules.ignores(path)).isPresent()) {
      return;
    }
    findings.add(
        Rule.COPY_IGNORED_FILE,
        range,
        "Attempting to %s file \"%s\" that is excluded by .dockerignore"
            .formatted(transfer instanceof Add ? "Add" : "Copy", path));
  }

  private void run(Run run, SourceRange range) throws Problem {
    for (MountFlag flag : run.mounts()) {
      List<Scope.Expanded> expanded = new ArrayList<>();
      List<Problem> problems = new ArrayList<>();
      Mount mount =
          MountReader.read(
              flag.text(),
              text -> {
                try {
                  expanded.add(stage.scope.word(text));
                  return expanded.getLast().text();
                } catch (Problem problem) {
                  problems.add(problem);
                  return "";
                }
              },
              workingDirectory);
      if (!problems.isEmpty()) {
        throw problems.getFirst();
      }
      expanded.forEach(text -> noted(text, range));
      mount.from().ifPresent(this::need);
      switch (mount) {
        case Mount.Secret secret ->
            stage.secrets.putIfAbsent(
                secret.id(), new Outline.Secret(secret.id(), secret.required(), range));
        case Mount.Ssh ssh ->
            stage.agents.putIfAbsent(ssh.id(), new Outline.Ssh(ssh.id(), ssh.required(), range));
        case Mount.Cache cache ->
            stage.caches.putIfAbsent(cache.id(), new Outline.CacheMount(cache.id(), range));
        case Mount.Bind bind -> {}
        case Mount.Tmpfs tmpfs -> {}
      }
    }
  }

  private void need(String name) {
    Optional<Stage> named = file.stage(name, file.stages().size());
    if (named.isPresent()) {
      stage.needs.add(named.get().index());
    } else if (name.matches("[0-9]{1,6}") && Integer.parseInt(name) < file.stages().size()) {
      stage.needs.add(Integer.parseInt(name));
    }
  }
}
