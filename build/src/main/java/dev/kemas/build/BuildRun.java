package dev.kemas.build;

import dev.kemas.build.explain.Explainer;
import dev.kemas.build.explain.Explanation;
import dev.kemas.build.explain.Past;
import dev.kemas.build.explain.StepOutcome;
import dev.kemas.build.plan.Facts;
import dev.kemas.build.plan.Plan;
import dev.kemas.build.plan.PlannedStage;
import dev.kemas.build.plan.Step;
import dev.kemas.build.plan.Vertex;
import dev.kemas.dockerfile.Checks;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.image.NewImage;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One build, from its Dockerfile to its exports. One use. */
final class BuildRun {
  private final BuildServices services;
  private final BuildRequest request;
  private final SeenSecrets secrets;
  private final BuildProgress sink;
  private final Cancellation cancelled;
  private final Tasks tasks;
  private final Instant started;
  private final SharedWork shared;
  private final SeenFindings findings;

  BuildRun(
      BuildServices services,
      SharedWork shared,
      SeenFindings findings,
      BuildRequest request,
      BuildProgress sink,
      Cancellation cancelled) {
    this.services = services;
    this.shared = shared;
    this.findings = findings;
    BuildRequest.Access access = request.access();
    this.secrets = new SeenSecrets(access.secrets());
    this.request =
        request
            .withAccess(new BuildRequest.Access(access.logins(), secrets, access.agents()))
            .withOnFailure(request.onFailure().once());
    this.sink = sink;
    this.cancelled = cancelled;
    this.tasks = new Tasks(sink);
    this.started = services.clock().instant();
  }

  BuildResult run() {
    ContextFiles context = ContextFiles.open(request.sources(), tasks);
    List<Numbering> plans = plans(context);
    sink.event(
        new BuildEvent.Planned(plans.stream().flatMap(plan -> plan.steps().stream()).toList()));
    want(plans, context);
    try (Workspaces.Held workspaces = services.workspaces().open(purpose());
        Downloads downloads =
            new Downloads(services.steps(), request.access(), services.scratch())) {
      CacheExchange caches = new CacheExchange(request, tasks, sink, cancelled);
      BuildIndex index = new BuildIndex(services.cache(), workspaces, caches.open());
      Queue<BuildEvent> told = new ConcurrentLinkedQueue<>();
      MountExchange mounts = new MountExchange(request, services.steps().caches(), tasks, sink);
      plans.forEach(plan -> mounts.note(plan.plan()));
      BuildGuards guards = new BuildGuards(request, context, workspaces, secrets);
      List<Built> solved =
          Together.all(
              plans,
              cancelled,
              plan -> solve(plan, context, workspaces, index, downloads, mounts, guards, told));
      cancelled.check();
      List<Built> results =
          solved.stream().map(built -> caches.into(built, index.steps())).toList();
      for (int i = 0; i < plans.size(); i++) {
        String id = results.get(i).id().shortHex();
        sink.event(new BuildEvent.StepFinished(plans.get(i).last(), id));
      }
      warn(plans, context.dockerfile());
      told.stream().distinct().forEach(sink::event);
      Checks.enforce(
          context.dockerfile(),
          BuildGuards.inputs(request),
          told.stream()
              .filter(BuildEvent.Finding.class::isInstance)
              .map(event -> ((BuildEvent.Finding) event).lint())
              .toList());
      Export.Origin origin =
          new Export.Origin(
              request,
              started,
              services.clock().instant(),
              services.scratch(),
              downloads.fetched());
      Map<String, String> delivered = deliver(results, workspaces, origin);
      delivered.putAll(caches.deliver(results, index.steps(), mounts));
      return new BuildResult(results, delivered, origin);
    }
  }

  private String purpose() {
    return request.project().isEmpty() ? "build" : "build of " + request.project();
  }

  private List<Numbering> plans(ContextFiles context) {
    PlanBases bases = new PlanBases(services.bases(), request, context.ignored(), tasks, cancelled);
    List<Numbering> plans = new ArrayList<>();
    int steps = 0;
    int stages = 0;
    for (Platform platform : request.goal().platforms()) {
      Plan plan = bases.plan(context.dockerfile(), platform);
      services.emulators().require(plan, context.dockerfile());
      plans.add(new Numbering(plan, platform, steps, stages));
      steps += plan.steps();
      stages += plan.stages().size();
    }
    return plans;
  }

  /** Tells contexts what of them is needed: no more than that has to come. */
  private static void want(List<Numbering> plans, ContextFiles context) {
    Map<String, List<String>> paths = new HashMap<>();
    Map<String, Boolean> all = new HashMap<>();
    for (Numbering numbering : plans) {
      for (Vertex vertex : numbering.plan().graph().vertices()) {
        ContextNeeds.of(numbering.plan().graph(), vertex)
            .forEach((name, needed) -> {
              paths.computeIfAbsent(name, none -> new ArrayList<>()).addAll(needed);
              all.merge(name, needed.isEmpty(), Boolean::logicalOr);
            });
      }
    }
    paths.forEach(
        (name, needed) -> context.want(name, all.getOrDefault(name, true) ? List.of() : needed));
  }

  private Built solve(
      Numbering numbering,
      ContextFiles context,
      Workspaces.Held workspaces,
      BuildIndex index,
      Downloads downloads,
      MountExchange mounts,
      BuildGuards guards,
      Queue<BuildEvent> told) {
    Plan plan = numbering.plan();
    int number = numbering.before();
    for (String global : plan.globals()) {
      number++;
      sink.event(new BuildEvent.StepStarted(number, plan.steps(), global));
    }
    Keys keys = new Keys(numbering.platform());
    StepRunner runner =
        new StepRunner(
            services.with(index),
            workspaces,
            request,
            context,
            downloads,
            mounts,
            keys,
            shared,
            index,
            cancelled);
    StageRun.Shared common =
        new StageRun.Shared(
            context.dockerfile(), keys, index, request.freshness(), services.clock());
    Solver solver = new Solver(plan, runner, common, numbering, sink, cancelled);
    Solver.Solution solution;
    try {
      solution = solver.solve();
      runner.bring(solution.fileSystem());
    } finally {
      explain(numbering, solver.outcomes());
    }
    Built built = built(numbering.platform(), plan, solution);
    List<StepOutcome> outcomes = solver.outcomes();
    told.addAll(
        findings.of(
            looked(context, Past.of(outcomes)),
            outcomes.stream().allMatch(BuildRun::isHit),
            () -> guards.look(plan, solution, built.image().config())));
    return built;
  }

  /** All that decides what the rules say. */
  private Digest looked(ContextFiles context, Past steps) {
    return Facts.digest(
        String.join(
            "\n",
            context.digest().toString(),
            steps.fingerprint().toString(),
            request.goal().target(),
            new TreeMap<>(request.goal().buildArguments()).toString(),
            new TreeSet<>(request.sources().named().keySet()).toString()));
  }

  /** Of a build that failed its steps up to there are explained and remembered, too. */
  private void explain(Numbering numbering, List<StepOutcome> outcomes) {
    String project =
        String.join(
            "\n",
            request.project(),
            request.sources().dockerfile(),
            request.goal().target(),
            numbering.platform().toString());
    Past now = Past.of(outcomes);
    if (services.memory().isLast(project, now) && outcomes.stream().allMatch(BuildRun::isHit)) {
      return;
    }
    List<Explanation> explained = Explainer.explain(outcomes, services.memory().recall(project));
    sink.event(new BuildEvent.Explained(explained));
    services.memory().remember(project, now);
  }

  private static boolean isHit(StepOutcome outcome) {
    return outcome.hit() || outcome.kind() == Step.Kind.BASE;
  }

  private Built built(Platform platform, Plan plan, Solver.Solution solution) {
    PlannedStage target = plan.target();
    Optional<Image> base = target.base();
    if (target.isJustItsBase() && base.isPresent()) {
      Image image = base.get();
      NewImage same = new NewImage(image.config(), image.layers(), image.parent(), List.of());
      return new Built(platform, same, base, plan);
    }
    if (target.history().isEmpty()) {
      throw new Fault.InvalidArgument(
          "No image was generated. Is your Dockerfile empty? A stage of nothing but FROM scratch"
              + " has nothing in it");
    }
    NewImage image =
        ImageAssembly.assemble(plan, solution.fileSystem(), solution.entries(), request.epoch());
    return new Built(platform, image, Optional.empty(), plan);
  }

  private Map<String, String> deliver(
      List<Built> results, Workspaces.Held workspaces, Export.Origin origin) {
    Map<String, String> told = new TreeMap<>();
    for (Export export : request.exports()) {
      cancelled.check();
      told.putAll(
          tasks.deliver(
              export,
              task ->
                  new Export.Delivery(
                      results, services.images(), workspaces, task, cancelled, origin)));
    }
    return told;
  }

  private void warn(List<Numbering> plans, Dockerfile dockerfile) {
    plans.stream()
        .flatMap(numbering -> numbering.plan().warnings().stream())
        .distinct()
        .forEach(warning -> sink.event(new BuildEvent.Warning(warning)));
    plans.stream()
        .flatMap(numbering -> numbering.plan().findings().stream())
        .distinct()
        .forEach(lint -> sink.event(new BuildEvent.Finding(lint, dockerfile.name())));
  }
}
