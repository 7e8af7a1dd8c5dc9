package dev.kemas.dockerfile;

import dev.kemas.dockerfile.Instruction.From;
import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Docker's build checks on a Dockerfile, and what a target of it can be given. What is not known of
 * base images is not judged. One use, one thread.
 */
public final class Checks {
  private final Dockerfile file;
  private final CheckInputs inputs;
  private final Findings findings;
  private final Map<Integer, Walked> walked = new TreeMap<>();
  private final CheckSettings settings;

  private Checks(Dockerfile file, CheckInputs inputs) {
    this.file = file;
    this.inputs = inputs;
    this.settings = inputs.settings(file.directives());
    this.findings = new Findings(settings);
  }

  /**
   * What the checks find, in the order of the lines. What the target does not need is looked at
   * only where the file as a whole is.
   *
   * @throws Fault.InvalidArgument when a variable cannot be expanded or the target is not there,
   *     naming the line; or when settings are malformed
   */
  public static List<Lint> findings(Dockerfile file, CheckInputs inputs) {
    Checks checks = new Checks(file, inputs);
    checks.run();
    return checks.findings.sorted();
  }

  /**
   * Fails when findings are to fail the build.
   *
   * @throws Fault.InvalidArgument in Docker's words: {@code lint violation found for rules: ...}
   */
  public static void enforce(Dockerfile file, CheckInputs inputs, List<Lint> findings) {
    if (findings.isEmpty() || !inputs.settings(file.directives()).error()) {
      return;
    }
    String rules =
        findings.stream()
            .map(lint -> lint.rule().name())
            .distinct()
            .collect(Collectors.joining(", "));
    Lint first = findings.getFirst();
    throw new Fault.InvalidArgument(
        "lint violation found for rules: %s [%s:%d]: mend them or take error=true out of # check="
            .formatted(rules, file.name(), first.range().startLine()));
  }

  /**
   * What a text gives, also one that is no Dockerfile: never fails for what is wrong with it.
   *
   * @param name how the file is called
   */
  public static LintResult check(String name, String text, CheckInputs inputs) {
    Optional<Checks> checks = Optional.empty();
    Optional<Fault> failure = Optional.empty();
    try {
      Dockerfile file = Dockerfile.parse(name, text);
      checks = Optional.of(new Checks(file, inputs));
      checks.get().run();
      enforce(file, inputs, checks.get().findings.sorted());
    } catch (Fault.InvalidArgument fault) {
      failure = Optional.of(fault);
    }
    return LintResult.of(
        name, text, checks.map(c -> c.findings.sorted()).orElse(List.of()), failure);
  }

  /**
   * What the target can be given.
   *
   * @throws Fault.InvalidArgument as {@link #findings}
   */
  public static Outline outline(Dockerfile file, CheckInputs inputs) {
    Checks checks = new Checks(file, inputs);
    GlobalScope globals = checks.run();
    Stage target = checks.target().orElse(file.stages().getLast());
    return checks.outline(target, globals);
  }

  private GlobalScope run() {
    GlobalScope globals;
    try {
      globals = GlobalScope.of(file, inputs, inputs.buildArguments());
    } catch (Problem problem) {
      throw file.blame(file.globalArguments().getFirst(), problem.text());
    }
    new FileChecks(file, inputs, findings).check(globals);
    Optional<Stage> target = target();
    if (target.isPresent()) {
      walk(target.get(), globals);
    } else {
      file.stages().forEach(stage -> walk(stage, globals));
    }
    return globals;
  }

  private Optional<Stage> target() {
    if (inputs.target().isEmpty()) {
      return Optional.empty();
    }
    Optional<Stage> named = file.stage(inputs.target(), file.stages().size());
    if (named.isEmpty() && inputs.target().matches("[0-9]{1,6}")) {
      int number = Integer.parseInt(inputs.target());
      named =
          number < file.stages().size() ? Optional.of(file.stages().get(number)) : Optional.empty();
    }
    if (named.isEmpty()) {
      throw new Fault.InvalidArgument(
          "target stage \"%s\" could not be found%s"
              .formatted(inputs.target(), file.nearStage(inputs.target())));
    }
    return named;
  }

  private Walked walk(Stage stage, GlobalScope globals) {
    Walked known = walked.get(stage.index());
    if (known != null) {
      return known;
    }
    From from = stage.from();
    Walked state;
    List<String> triggers;
    try {
      String name = globals.scope().word(from.image()).text();
      Optional<Stage> below = file.stage(name, stage.index());
      if (below.isPresent()) {
        Walked parent = walk(below.get(), globals);
        state = parent.child();
        triggers = List.copyOf(parent.triggers);
      } else {
        Optional<CheckInputs.Base> base = base(name, from, globals);
        state = begin(base);
        triggers = base.map(CheckInputs.Base::onBuild).orElse(List.of());
      }
      used(from, globals, state);
    } catch (Problem problem) {
      throw file.blame(from, problem.text());
    }
    walked.put(stage.index(), state);
    if (from.name().filter(inputs.contexts()::contains).isPresent()) {
      return state; // something else stands in for it
    }
    StageChecks checks = new StageChecks(file, inputs, globals, findings, state);
    for (String trigger : triggers) {
      look(checks, Instruction.parse(file.name(), trigger), from);
    }
    for (Instruction instruction : stage.instructions()) {
      look(checks, instruction, instruction);
    }
    if (!inputs.target().isEmpty()) {
      for (int index : List.copyOf(state.needs)) {
        if (index < stage.index()) {
          walk(file.stages().get(index), globals);
        }
      }
    }
    return state;
  }

  private void look(StageChecks checks, Instruction instruction, Instruction blamed) {
    try {
      checks.look(instruction, blamed.range());
    } catch (Problem problem) {
      throw file.blame(blamed, problem.text());
    }
  }

  private static void used(From from, GlobalScope globals, Walked state) throws Problem {
    state.used.addAll(globals.scope().word(from.image()).used());
    state.used.addAll(globals.scope().word(from.platform().orElse("")).used());
  }

  private Optional<CheckInputs.Base> base(String name, From from, GlobalScope globals)
      throws Problem {
    if (name.equals("scratch")) {
      return Optional.of(new CheckInputs.Base(List.of(), List.of(), List.of(), "", ""));
    }
    String platform = globals.scope().word(from.platform().orElse("")).text();
    Optional<CheckInputs.Base> base = inputs.bases().find(name, platform);
    if (base.isPresent() && !sameMachine(base.get().wanted(), base.get().platform())) {
      findings.add(
          Rule.INVALID_BASE_IMAGE_PLATFORM,
          from.range(),
          "Base image %s was pulled with platform \"%s\", expected \"%s\" for current build"
              .formatted(name, base.get().platform(), base.get().wanted()));
    }
    return base;
  }

  /** Whether system and architecture are the same; variants may differ. */
  private static boolean sameMachine(String wanted, String offered) {
    String[] a = wanted.split("/", -1);
    String[] b = offered.split("/", -1);
    return a.length < 2 || b.length < 2 || (a[0].equals(b[0]) && a[1].equals(b[1]));
  }

  private Walked begin(Optional<CheckInputs.Base> base) {
    Map<String, String> env = new LinkedHashMap<>();
    for (String entry : base.map(CheckInputs.Base::env).orElse(List.of())) {
      int equals = entry.indexOf('=');
      env.put(equals < 0 ? entry : entry.substring(0, equals), entry.substring(equals + 1));
    }
    env.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    boolean shell = base.filter(known -> !known.shell().isEmpty()).isPresent();
    return new Walked(new Scope(file.directives().escape(), env), base.isPresent(), shell);
  }

  private Outline outline(Stage target, GlobalScope globals) {
    Set<Integer> reached = new LinkedHashSet<>();
    reach(target, globals, reached);
    Map<String, GlobalScope.Declared> declared = new LinkedHashMap<>();
    Map<String, Outline.Secret> secrets = new LinkedHashMap<>();
    Map<String, Outline.Ssh> agents = new LinkedHashMap<>();
    Map<String, Outline.CacheMount> caches = new LinkedHashMap<>();
    for (int index : reached) {
      Walked stage = walk(file.stages().get(index), globals);
      Map<String, GlobalScope.Declared> visible = new LinkedHashMap<>(globals.declared());
      visible.putAll(stage.declared);
      for (String name : allUsed(stage, visible)) {
        GlobalScope.Declared found = visible.get(name);
        if (found != null) {
          declared.putIfAbsent(name, found);
        }
      }
      stage.secrets.forEach(secrets::putIfAbsent);
      stage.agents.forEach(agents::putIfAbsent);
      stage.caches.forEach(caches::putIfAbsent);
    }
    Comparator<SourceRange> order = Comparator.comparingInt(SourceRange::startLine);
    return new Outline(
        target.from().name().orElse(""),
        target.from().name().map(n -> Comments.of(target.from().node(), n)).orElse(""),
        declared.values().stream()
            .map(a -> new Outline.Arg(a.name(), a.description(), a.value(), a.range()))
            .sorted(Comparator.comparing(Outline.Arg::range, order))
            .toList(),
        secrets.values().stream()
            .sorted(Comparator.comparing(Outline.Secret::range, order))
            .toList(),
        agents.values().stream().sorted(Comparator.comparing(Outline.Ssh::range, order)).toList(),
        caches.values().stream()
            .sorted(Comparator.comparing(Outline.CacheMount::range, order))
            .toList(),
        file.text());
  }

  private static Set<String> allUsed(Walked stage, Map<String, GlobalScope.Declared> visible) {
    Set<String> all = new LinkedHashSet<>();
    List<String> open = new ArrayList<>(stage.used);
    while (!open.isEmpty()) {
      String name = open.removeLast();
      if (all.add(name) && visible.containsKey(name)) {
        open.addAll(visible.get(name).uses());
      }
    }
    return all;
  }

  private void reach(Stage stage, GlobalScope globals, Set<Integer> reached) {
    if (!reached.add(stage.index())) {
      return;
    }
    Walked state = walk(stage, globals);
    try {
      String name = globals.scope().word(stage.from().image()).text();
      file.stage(name, stage.index()).ifPresent(below -> reach(below, globals, reached));
    } catch (Problem problem) {
      throw file.blame(stage.from(), problem.text());
    }
    state.needs.forEach(index -> reach(file.stages().get(index), globals, reached));
  }
}
