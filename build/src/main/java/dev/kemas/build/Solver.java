package dev.kemas.build;

import dev.kemas.build.explain.StepOutcome;
import dev.kemas.build.plan.Facts;
import dev.kemas.build.plan.HistoryItem;
import dev.kemas.build.plan.Operation;
import dev.kemas.build.plan.Plan;
import dev.kemas.build.plan.PlannedStage;
import dev.kemas.build.plan.Step;
import dev.kemas.build.plan.Vertex;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Works a plan off: each stage on a thread of its own, waiting for another one only where it needs
 * what that one makes. A stage waits for earlier stages only, so no two wait for each other. The
 * first failure ends all. One use.
 */
final class Solver {

  /** What a vertex led to. */
  record Made(FileSystem fileSystem, StepRunner.Outcome outcome) {}

  private final Plan plan;
  private final StepRunner runner;
  private final BuildProgress sink;
  private final Numbering numbering;
  private final Cancellation cancelled;
  private final StageRun.Shared shared;

  /** By vertex; each is made by the first stage that has it as a step. */
  private final Map<Integer, CompletableFuture<Made>> made = new HashMap<>();

  private final Map<Integer, Integer> owners = new HashMap<>();

  /** By stage number, the id of its last step. */
  private final Map<Integer, CompletableFuture<Digest>> ids = new HashMap<>();

  private final Map<HistoryItem, CacheIndex.Entry> entries =
      Collections.synchronizedMap(new IdentityHashMap<>());
  private final List<StepOutcome> outcomes = Collections.synchronizedList(new ArrayList<>());
  private Optional<RuntimeException> failure = Optional.empty();

  Solver(
      Plan plan,
      StepRunner runner,
      StageRun.Shared shared,
      Numbering numbering,
      BuildProgress sink,
      Cancellation cancelled) {
    this.plan = plan;
    this.runner = runner;
    this.shared = shared;
    this.sink = sink;
    this.numbering = numbering;
    this.cancelled = cancelled;
    for (int i = 0; i < plan.stages().size(); i++) {
      PlannedStage stage = plan.stages().get(i);
      ids.put(stage.index(), new CompletableFuture<>());
      for (Step step : stage.steps()) {
        if (step.kind() == Step.Kind.OPERATION) {
          owners.putIfAbsent(step.vertex(), i);
          made.putIfAbsent(step.vertex(), new CompletableFuture<>());
        }
      }
    }
  }

  /**
   * What came out of the target.
   *
   * @param entries what each history item led to, by identity
   */
  record Solution(FileSystem fileSystem, Map<HistoryItem, CacheIndex.Entry> entries) {}

  /**
   * Does all steps; of the last one all is told but that it is finished.
   *
   * @throws Fault the first that a step threw, with its place in the Dockerfile where that helps
   */
  Solution solve() {
    List<Thread> threads = new ArrayList<>();
    Map<Integer, BuildEvent.PlannedStep> planned =
        numbering.steps().stream()
            .collect(Collectors.toMap(BuildEvent.PlannedStep::number, Function.identity()));
    for (int i = 0; i < plan.stages().size(); i++) {
      int position = i;
      int first = numbering.first(i);
      PlannedStage stage = plan.stages().get(i);
      threads.add(
          Thread.ofVirtual()
              .name("build-stage-" + stage.label())
              .unstarted(() -> run(position, stage, first, planned)));
    }
    threads.forEach(Thread::start);
    threads.forEach(cancelled::join);
    synchronized (this) {
      if (failure.isPresent()) {
        throw failure.get();
      }
    }
    return new Solution(fileSystem(plan.target().vertex()), entries);
  }

  private void run(
      int position,
      PlannedStage stage,
      int firstNumber,
      Map<Integer, BuildEvent.PlannedStep> planned) {
    StageRun run = new StageRun(shared, this, stage, position, firstNumber, planned);
    try {
      Digest id = run.run();
      id(stage.index()).complete(id);
    } catch (RuntimeException e) {
      fail(run.number(), e);
    }
  }

  private CompletableFuture<Digest> id(int stage) {
    return ids.computeIfAbsent(stage, none -> new CompletableFuture<>());
  }

  /** Ends all: a step has failed. The first failure counts. */
  synchronized void fail(int number, RuntimeException cause) {
    if (failure.isPresent()) {
      return;
    }
    failure = Optional.of(cause);
    sink.event(new BuildEvent.StepFailed(number, String.valueOf(cause.getMessage())));
    cancelled.cancel("another step failed: " + cause.getMessage());
    made.values().forEach(future -> future.completeExceptionally(cause));
    ids.values().forEach(future -> future.completeExceptionally(cause));
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw new Fault.Cancelled("a step that this one needs failed");
    }
  }

  /** Whether it is this stage that is to make the vertex; the others wait. */
  boolean isMaker(int position, int vertex) {
    return owners.getOrDefault(vertex, -1) == position;
  }

  /** Does the vertex's operation. */
  Made make(int id, boolean fresh, StepRunner.Teller teller) {
    Vertex vertex = plan.graph().vertex(id);
    List<StepInput> inputs = vertex.inputs().stream().map(this::input).toList();
    StepRunner.Outcome outcome = runner.run(vertex, inputs, fresh, teller);
    FileSystem parent = fileSystem(vertex.inputs().getFirst());
    Made result = new Made(parent.with(outcome.entry().layer()), outcome);
    made(id).complete(result);
    return result;
  }

  /** Waits until all that a vertex is made from is there. */
  void awaitInputs(int id) {
    plan.graph().vertex(id).inputs().forEach(this::input);
  }

  /** What the vertex led to, once its maker has made it. */
  Made await(int vertex) {
    return await(made(vertex));
  }

  private CompletableFuture<Made> made(int vertex) {
    CompletableFuture<Made> future = made.get(vertex);
    if (future == null) {
      throw new Fault.Internal("vertex #%d is in no stage".formatted(vertex));
    }
    return future;
  }

  private StepInput input(int vertex) {
    return plan.graph().vertex(vertex).operation() instanceof Operation.Local local
        ? new LocalFiles(local.name())
        : fileSystem(vertex);
  }

  private FileSystem fileSystem(int vertex) {
    return plan.graph().vertex(vertex).operation() instanceof Operation.Base base
        ? FileSystem.of(base.image())
        : await(vertex).fileSystem();
  }

  /** The id of the last step of a stage, once it is done. */
  Digest lastStep(int stage) {
    return await(id(stage));
  }

  void tell(BuildEvent event) {
    sink.event(event);
  }

  void remember(HistoryItem item, CacheIndex.Entry entry) {
    entries.put(item, entry);
  }

  void outcome(StepOutcome outcome) {
    outcomes.add(outcome);
  }

  /** How the steps went that came to an end, by their numbers. */
  List<StepOutcome> outcomes() {
    synchronized (outcomes) {
      return outcomes.stream().sorted(Comparator.comparingInt(StepOutcome::number)).toList();
    }
  }

  /** What a vertex is made from, as facts. */
  SortedMap<String, Digest> inputs(int id) {
    SortedMap<String, Digest> facts = new TreeMap<>();
    List<Integer> inputs = plan.graph().vertex(id).inputs();
    for (int i = 0; i < inputs.size(); i++) {
      int input = inputs.get(i);
      boolean parent = i == 0;
      switch (plan.graph().vertex(input).operation()) {
        case Operation.Local local -> {
          // its files are facts of their own
        }
        case Operation.Base base when !parent -> facts.put(Facts.IMAGE + base.name(), name(input));
        default -> facts.put(parent ? Facts.PARENT : Facts.STAGE + label(input), name(input));
      }
    }
    return facts;
  }

  private Digest name(int vertex) {
    return fileSystem(vertex).chainId().orElseGet(() -> Facts.digest(""));
  }

  private String label(int vertex) {
    return plan.stages().stream()
        .filter(stage -> stage.vertex() == vertex)
        .map(PlannedStage::label)
        .findFirst()
        .orElse("#" + vertex);
  }

  int steps() {
    return plan.steps();
  }

  boolean isTarget(PlannedStage stage) {
    return stage.index() == plan.target().index();
  }

  void check() {
    cancelled.check();
  }
}
