package dev.kemas.build.plan;

import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.Expansion;
import dev.kemas.dockerfile.Instruction;
import dev.kemas.dockerfile.Instruction.Arg;
import dev.kemas.dockerfile.Instruction.From;
import dev.kemas.dockerfile.Instruction.Variable;
import dev.kemas.dockerfile.Stage;
import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Platform;
import dev.kemas.oci.ProcessDefaults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Dockerfile and build arguments to a {@link Plan}. Only the stages that the target needs are
 * looked at, so only their bases are resolved. One use, one thread.
 */
public final class Planner {
  /** Where a RUN's script is put: on the container's own /dev, so never in a layer. */
  static final String SCRIPT_PATH = "/dev/.kemas/script";

  private static final String SCRATCH = "scratch";

  private final Dockerfile dockerfile;
  private final PlanRequest request;
  private final BaseResolver bases;
  private final NamedContexts contexts;
  private final Expansion expansion;
  private final Arguments globals;
  private final Graph.Collector graph = new Graph.Collector();
  private final PlanBounds bounds = new PlanBounds();
  private final VariableFacts variables = new VariableFacts(bounds);
  private final Map<Integer, PlannedStage> planned = new TreeMap<>();
  private final Map<Integer, Arguments> arguments = new TreeMap<>();
  private final Map<BaseRequest, Image> resolved = new HashMap<>();

  /**
   * Prepares a plan.
   *
   * @throws Fault.InvalidArgument when an ARG before the first FROM cannot be expanded
   */
  public Planner(Dockerfile dockerfile, PlanRequest request, BaseResolver bases) {
    this.dockerfile = dockerfile;
    this.request = request;
    this.bases = bases;
    this.contexts = new NamedContexts(request.contexts());
    this.expansion = new Expansion(dockerfile.directives().escape());
    Map<String, String> automatic =
        Arguments.automatic(request.platform(), targetName(dockerfile, request));
    this.globals = new Arguments(request.buildArguments(), automatic);
    automatic.keySet().forEach(name -> globals.declare(name, Optional::empty));
    for (Arg arg : dockerfile.globalArguments()) {
      for (Variable variable : arg.variables()) {
        globals.declare(
            global(arg, variable.name()),
            () -> variable.defaultValue().map(text -> counted(global(arg, text))));
      }
    }
  }

  private String counted(String text) {
    bounds.text(text);
    return text;
  }

  private String global(Instruction asking, String text) {
    try {
      return expansion.word(text, globals::value);
    } catch (Fault.InvalidArgument e) {
      throw dockerfile.blame(asking, e.getMessage());
    }
  }

  /**
   * The images that the plan will surely ask for, so that the caller can fetch them at the same
   * time; ONBUILD triggers may ask for more.
   *
   * @throws Fault.InvalidArgument as {@link #plan}
   */
  public Set<BaseRequest> bases() {
    Set<BaseRequest> found = new LinkedHashSet<>();
    collect(target(), new HashSet<>(), found);
    return found;
  }

  private void collect(int index, Set<Integer> seen, Set<BaseRequest> found) {
    if (!seen.add(index)) {
      return;
    }
    Stage stage = dockerfile.stages().get(index);
    String from = baseName(stage);
    Optional<String> context = contexts.find(from);
    Optional<Integer> below = context.isPresent() ? Optional.empty() : earlier(from, index);
    if (below.isPresent()) {
      collect(below.get(), seen, found);
    } else {
      image(from, stage).ifPresent(found::add);
    }
    for (Instruction instruction : stage.instructions()) {
      for (String name : sources(instruction)) {
        Optional<Integer> stageIndex = number(name).or(() -> earlier(name, index));
        if (stageIndex.isPresent() && stageIndex.get() < index) {
          collect(stageIndex.get(), seen, found);
        } else if (stageIndex.isEmpty() && name.indexOf('$') < 0) {
          image(name, stage).ifPresent(found::add);
        }
      }
    }
  }

  /** The image that a name stands for, if it stands for one. */
  private Optional<BaseRequest> image(String name, Stage stage) {
    Optional<String> context = contexts.find(name);
    if (name.equals(SCRATCH) || context.filter(contexts::isFiles).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(new BaseRequest(context.map(contexts::image).orElse(name), platform(stage)));
  }

  /** What an instruction takes files from besides the context. */
  private static List<String> sources(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Copy copy -> copy.from().stream().toList();
      case Instruction.Run run ->
          run.mounts().stream().flatMap(mount -> mount.from().stream()).toList();
      default -> List.of();
    };
  }

  /**
   * Makes the plan.
   *
   * @throws Fault.InvalidArgument when something in the Dockerfile is wrong, naming the line
   * @throws Fault.Unsupported for what this builder does not do, naming the line
   */
  public Plan plan() {
    int target = target();
    stage(target);
    List<PlannedStage> stages = new ArrayList<>(planned.values());
    return new Plan(
        graph.graph(),
        dockerfile.globalArguments().stream().map(Arg::text).toList(),
        stages,
        platform(dockerfile.stages().get(target)),
        warnings(),
        new PlanChecks(request).enforced(dockerfile, Integer.toString(target), resolved));
  }

  /** Goes through what a check looks at: the target, or all stages where none is named. */
  void look() {
    if (request.target().isEmpty()) {
      dockerfile.stages().forEach(stage -> stage(stage.index()));
    } else {
      stage(target());
    }
  }

  /** How the stage that is asked for is called; empty when it has no name. */
  static String targetName(Dockerfile dockerfile, PlanRequest request) {
    return request.target().isEmpty()
        ? dockerfile.stages().getLast().from().name().orElse("")
        : request.target();
  }

  private int target() {
    String wanted = request.target();
    List<Stage> stages = dockerfile.stages();
    if (wanted.isEmpty()) {
      return stages.size() - 1;
    }
    Optional<Integer> named = earlier(wanted, stages.size());
    Optional<Integer> found = named.or(() -> number(wanted).filter(n -> n < stages.size()));
    return found.orElseThrow(() ->
        new Fault.InvalidArgument(
            "target stage \"%s\" could not be found in %s%s; it has %s"
                .formatted(
                    wanted,
                    dockerfile.name(),
                    dockerfile.nearStage(wanted),
                    stages.stream().map(Stage::label).collect(Collectors.joining(", ")))));
  }

  /** The last stage of that name before this one. */
  private Optional<Integer> earlier(String name, int before) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (int i = before - 1; i >= 0; i--) {
      if (dockerfile.stages().get(i).from().name().filter(lower::equals).isPresent()) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private static Optional<Integer> number(String text) {
    return text.matches("[0-9]{1,6}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
  }

  private String baseName(Stage stage) {
    String name = global(stage.from(), stage.from().image());
    if (name.isBlank()) {
      throw dockerfile.blame(
          stage.from(), "base name (%s) should not be blank".formatted(stage.from().image()));
    }
    return name;
  }

  /** The arguments that FROM uses. */
  private Facts variables(From from) {
    Facts facts = new Facts();
    Expansion.Variables seen =
        name -> {
          facts.variable(name, globals.value(name), true);
          return globals.value(name);
        };
    expansion.word(from.image(), seen);
    expansion.word(from.platform().orElse(""), seen);
    return facts;
  }

  private Platform platform(Stage stage) {
    String text = global(stage.from(), stage.from().platform().orElse(""));
    if (text.isEmpty() && stage.from().platform().isPresent()) {
      throw dockerfile.blame(
          stage.from(), "empty platform value from expression " + stage.from().platform().get());
    }
    if (text.isEmpty()) {
      return request.platform();
    }
    try {
      return Platform.parse(text);
    } catch (Fault.InvalidArgument e) {
      throw dockerfile.blame(stage.from(), e.getMessage());
    }
  }

  private PlannedStage stage(int index) {
    PlannedStage known = planned.get(index);
    if (known != null) {
      return known;
    }
    Stage stage = dockerfile.stages().get(index);
    StageState state;
    Optional<Image> base;
    List<String> triggers;
    String from = baseName(stage);
    Optional<String> context = contexts.find(from);
    Optional<Integer> below = context.isPresent() ? Optional.empty() : earlier(from, index);
    if (below.isPresent()) {
      PlannedStage parent = stage(below.get());
      Arguments scope = arguments.getOrDefault(below.get(), globals).child();
      state = new StageState(parent.config(), parent.author(), scope, parent.vertex());
      state.history.addAll(parent.history());
      triggers = parent.config().onBuild();
      base = parent.base();
    } else {
      boolean files = context.filter(contexts::isFiles).isPresent();
      String image = files ? SCRATCH : context.map(contexts::image).orElse(from);
      base = base(image, platform(stage), stage.from());
      ProcessDefaults defaults =
          base.map(found -> found.config().defaults()).orElse(ProcessDefaults.NONE);
      int vertex = graph.add(new Operation.Base(image, base), List.of());
      if (files) {
        vertex = graph.add(Operation.Transfer.all(), List.of(vertex, local(context.get())));
      }
      state =
          new StageState(
              defaults,
              base.flatMap(found -> found.config().author()).orElse(""),
              new Arguments(request.buildArguments(), globals.values()),
              vertex);
      if (base.isEmpty()) {
        state.setDirectory("/"); // as BuildKit has it for an image of nothing
      }
      base.map(found -> found.config().history()).orElse(List.of()).stream()
          .map(HistoryItem.Inherited::new)
          .forEach(state.history::add);
      triggers = defaults.onBuild();
    }
    StagePlanner planner =
        new StagePlanner(
            dockerfile,
            request,
            graph,
            (name, asking) -> input(name, asking, stage),
            bounds,
            variables,
            state);
    planner.begin(stage.from(), variables(stage.from()));
    for (String trigger : triggers) {
      planner.add(trigger(trigger, stage.from()), stage.from());
    }
    stage.instructions().forEach(planner::add);
    if (index == target() && !request.labels().isEmpty()) {
      planner.add(labels());
    }
    bounds.stage(state);
    PlannedStage result =
        new PlannedStage(
            index,
            stage.label(),
            below,
            planner.steps(),
            triggers.size(),
            state.vertex,
            base,
            state.config(),
            state.author,
            state.history);
    planned.put(index, result);
    arguments.put(index, state.arguments);
    return result;
  }

  private Instruction trigger(String text, From from) {
    try {
      return Instruction.parse(dockerfile.name(), text);
    } catch (Fault.InvalidArgument e) {
      throw dockerfile.blame(
          from,
          "the ONBUILD trigger \"%s\" of %s is malformed: %s"
              .formatted(text, from.image(), e.getMessage()));
    }
  }

  private Instruction labels() {
    StringBuilder text = new StringBuilder("LABEL");
    request
        .labels()
        .forEach(
            (name, value) -> text.append(' ').append(raw(name)).append('=').append(raw(value)));
    return Instruction.parse("--label", text.toString());
  }

  /** A word that expands to exactly this text. */
  private static String raw(String text) {
    return text.matches("[A-Za-z0-9_./:@,+-]+")
        ? text
        : "'" + text.replace("'", "'\"'\"'").replace("\n", "'\"\n\"'") + "'";
  }

  private int input(String name, Instruction asking, Stage current) {
    if (name.isEmpty()) {
      throw dockerfile.blame(asking, "--from needs the name of a stage or an image");
    }
    Optional<String> context = contexts.find(name);
    if (context.filter(contexts::isFiles).isPresent()) {
      return local(context.get());
    }
    if (context.isPresent()) {
      return image(contexts.image(context.get()), asking, current);
    }
    Optional<Integer> named = earlier(name, current.index());
    if (named.isPresent()) {
      return stage(named.get()).vertex();
    }
    Optional<Integer> number = number(name);
    if (number.isPresent()) {
      if (number.get() == current.index()) {
        throw dockerfile.blame(
            asking, "invalid from flag value %s: refers to current build stage".formatted(name));
      }
      if (number.get() > current.index()) {
        throw dockerfile.blame(
            asking, "invalid from flag value %s: index out of bounds".formatted(name));
      }
      return stage(number.get()).vertex();
    }
    if (earlier(name, dockerfile.stages().size()).isPresent()) {
      throw dockerfile.blame(
          asking,
          "invalid from flag value %s: the stage must stand before the one that copies from it"
              .formatted(name));
    }
    return image(name, asking, current);
  }

  private int image(String name, Instruction asking, Stage current) {
    return graph.add(new Operation.Base(name, base(name, platform(current), asking)), List.of());
  }

  private int local(String context) {
    return graph.add(new Operation.Local(context), List.of());
  }

  private Optional<Image> base(String name, Platform platform, Instruction asking) {
    if (name.equals(SCRATCH)) {
      return Optional.empty();
    }
    BaseRequest wanted = new BaseRequest(name, platform);
    Image image;
    try {
      image = bases.resolve(wanted);
    } catch (Fault.InvalidArgument e) {
      throw dockerfile.blame(asking, e.getMessage());
    }
    resolved.put(wanted, image);
    ImageConfig config = image.config();
    if (!config.os().isEmpty() && !config.os().equals("linux")) {
      throw new Fault.Unsupported(
          "image %s is for %s; only linux images can be built upon".formatted(name, config.os()));
    }
    return Optional.of(image);
  }

  private List<String> warnings() {
    Set<String> unused = new TreeSet<>(request.buildArguments().keySet());
    unused.removeIf(Arguments::isPredefined);
    for (Arg arg : dockerfile.globalArguments()) {
      arg.variables().forEach(variable -> unused.remove(variable.name()));
    }
    for (Stage stage : dockerfile.stages()) {
      for (Instruction instruction : stage.instructions()) {
        if (instruction instanceof Arg arg) {
          arg.variables().forEach(variable -> unused.remove(variable.name()));
        }
      }
    }
    for (Arguments scope : arguments.values()) {
      unused.removeIf(scope::declares);
    }
    return unused.isEmpty()
        ? List.of()
        : List.of(
            "One or more build-args [%s] were not consumed".formatted(String.join(" ", unused)));
  }
}
