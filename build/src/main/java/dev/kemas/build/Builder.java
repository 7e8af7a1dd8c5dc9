package dev.kemas.build;

import dev.kemas.build.plan.BaseRequest;
import dev.kemas.build.plan.Plan;
import dev.kemas.build.plan.PlanRequest;
import dev.kemas.build.plan.Planner;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.Lint;
import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Builds images from Dockerfiles: text to plan, plan to layers, layers to an image with its names.
 * What was done before is not done again. Any number of builds may run at once; each call blocks
 * until its image is there or it failed.
 *
 * <p>A build that fails, is cancelled or is cut off by the end of the process leaves no image and
 * no name; layers that were finished stay in the cache.
 */
public final class Builder {
  private final BuildServices services;

  /** A builder upon these services. */
  public Builder(BuildServices services) {
    this.services = services;
  }

  /**
   * A builder upon the engine's own services. First removes what builds of an earlier process left:
   * containers, mounts, file systems in the making, downloads.
   *
   * <p>To be called when the networks are reconciled and before any build.
   */
  public static Builder open(BuildParts parts) {
    RuntimeExecutor executor =
        new RuntimeExecutor(
            parts.runtime(),
            parts.networks(),
            parts.host(),
            parts.folder().resolve("containers"),
            parts.cgroup());
    SnapshotWorkspaces workspaces =
        new SnapshotWorkspaces(
            parts.snapshots(),
            parts.images().layers(),
            parts.mounter(),
            parts.folder().resolve("mounts"));
    executor.collect();
    workspaces.collect();
    Path scratch = parts.folder().resolve("scratch");
    Downloads.collect(scratch);
    return new Builder(
        new BuildServices(
            new ImageBases(parts.images()),
            workspaces,
            executor,
            new ImageShelf(parts.images().images()),
            parts.cache(),
            new TarArchives(),
            scratch,
            parts.clock()));
  }

  /**
   * Builds an image.
   *
   * @param progress is told of each step, from any thread, one event at a time
   * @param cancelled ends the build when its client goes away: processes are killed, file systems
   *     dropped
   * @return the image's id
   * @throws Fault.InvalidArgument for a mistake in the Dockerfile, the context or the request, and
   *     for a command that failed: {@code The command '/bin/sh -c false' returned a non-zero code:
   *     1} (of that, {@link BuildEvent.CommandFailed} tells the code)
   * @throws Fault.NotFound when a base image is nowhere
   * @throws Fault.Cancelled when it was cancelled
   */
  public Digest build(BuildRequest request, BuildProgress progress, Cancellation cancelled) {
    Cancellation own = cancelled.child();
    BuildProgress sink = inTurn(progress);
    ContextFiles context = ContextFiles.open(request.context(), request.dockerfile());
    Dockerfile dockerfile = context.dockerfile();
    Plan plan = plan(request, dockerfile, sink, own);
    int number = 1;
    for (String global : plan.globals()) {
      sink.event(new BuildEvent.StepStarted(number, plan.steps(), global));
      number++;
    }
    Keys keys = new Keys(plan.platform());
    List<Reference> tags = request.tags().stream().map(Reference::withDefaultTag).toList();
    try (Workspaces.Held workspaces = services.workspaces().open(purpose(tags));
        Downloads downloads = new Downloads(services.scratch())) {
      StepRunner runner =
          new StepRunner(services, workspaces, request, context, downloads, keys, own);
      StageRun.Shared shared =
          new StageRun.Shared(
              dockerfile, keys, services.cache(), request.noCache(), services.clock());
      Solver.Solution solution = new Solver(plan, runner, shared, sink, own).solve();
      own.check();
      Digest id = image(plan, solution, tags);
      sink.event(new BuildEvent.StepFinished(plan.steps(), id.shortHex()));
      warn(plan, dockerfile, sink);
      sink.event(new BuildEvent.Built(id));
      tags.forEach(tag -> sink.event(new BuildEvent.Tagged(tag)));
      return id;
    }
  }

  private static String purpose(List<Reference> tags) {
    return tags.isEmpty() ? "build" : "build of " + tags.getFirst().familiar();
  }

  private static BuildProgress inTurn(BuildProgress progress) {
    Object turn = new Object();
    return event -> {
      synchronized (turn) {
        progress.event(event);
      }
    };
  }

  private Plan plan(
      BuildRequest request, Dockerfile dockerfile, BuildProgress sink, Cancellation cancelled) {
    PlanRequest asked =
        new PlanRequest(
            request.buildArguments(),
            request.labels(),
            request.target(),
            request.platform(),
            request.network());
    Map<BaseRequest, Image> found = new ConcurrentHashMap<>();
    Planner planner =
        new Planner(
            dockerfile,
            asked,
            wanted -> {
              Image known = found.get(wanted);
              return known == null ? find(wanted, request, sink, cancelled) : known;
            });
    findAll(planner, found, request, sink, cancelled);
    return planner.plan();
  }

  /** Bases are looked for all at once: each may be a pull. What fails is told by the plan. */
  private void findAll(
      Planner planner,
      Map<BaseRequest, Image> found,
      BuildRequest request,
      BuildProgress sink,
      Cancellation cancelled) {
    List<BaseRequest> wanted = List.copyOf(planner.bases());
    if (wanted.size() < 2) {
      return;
    }
    List<RuntimeException> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (BaseRequest base : wanted) {
      threads.add(
          Thread.startVirtualThread(() -> {
            try {
              found.put(base, find(base, request, sink, cancelled));
            } catch (RuntimeException e) {
              synchronized (failures) {
                failures.add(e);
              }
              cancelled.cancel("another base image could not be had");
            }
          }));
    }
    threads.forEach(cancelled::join);
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private Image find(
      BaseRequest wanted, BuildRequest request, BuildProgress sink, Cancellation cancelled) {
    cancelled.check();
    return services
        .bases()
        .find(
            wanted.name(),
            wanted.platform(),
            request,
            event -> {
              cancelled.check();
              sink.event(new BuildEvent.Pull(event));
            });
  }

  private Digest image(Plan plan, Solver.Solution solution, List<Reference> tags) {
    Optional<Image> base = plan.target().base();
    if (plan.target().isJustItsBase() && base.isPresent()) {
      tags.forEach(tag -> services.images().tag(base.get().id(), tag));
      return base.get().id();
    }
    if (plan.target().history().isEmpty()) {
      throw new Fault.InvalidArgument(
          "No image was generated. Is your Dockerfile empty? A stage of nothing but FROM scratch"
              + " has nothing in it");
    }
    return services
        .images()
        .add(ImageAssembly.assemble(plan, solution.fileSystem(), solution.entries(), tags))
        .id();
  }

  private static void warn(Plan plan, Dockerfile dockerfile, BuildProgress sink) {
    for (String warning : plan.warnings()) {
      sink.event(new BuildEvent.Warning(warning));
    }
    for (Lint lint : dockerfile.findings()) {
      sink.event(
          new BuildEvent.Warning(
              "%s: %s [%s:%d]"
                  .formatted(
                      lint.rule(), lint.message(), dockerfile.name(), lint.range().startLine())));
    }
  }
}
