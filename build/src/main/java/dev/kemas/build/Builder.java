package dev.kemas.build;

import dev.kemas.build.graph.BaseImage;
import dev.kemas.build.graph.BaseRequest;
import dev.kemas.build.graph.Plan;
import dev.kemas.build.graph.PlanRequest;
import dev.kemas.build.graph.Planner;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.Lint;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    try (Downloads downloads = new Downloads(services.scratch())) {
      StepRunner runner = new StepRunner(services, request, context, downloads, keys, own);
      StageRun.Shared shared =
          new StageRun.Shared(
              dockerfile, keys, services.cache(), request.noCache(), services.clock());
      Solver.Solution solution = new Solver(plan, runner, shared, sink, own).solve();
      Digest id = image(plan, solution);
      sink.event(new BuildEvent.StepFinished(plan.steps(), id.shortHex()));
      finish(request, plan, dockerfile, id, sink);
      return id;
    }
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
    Map<BaseRequest, BaseImage> found = new ConcurrentHashMap<>();
    Planner planner =
        new Planner(
            dockerfile,
            asked,
            wanted -> {
              BaseImage known = found.get(wanted);
              return known == null ? find(wanted, request, sink, cancelled) : known;
            });
    findAll(planner, found, request, sink, cancelled);
    return planner.plan();
  }

  /** Bases are looked for all at once: each may be a pull. What fails is told by the plan. */
  private void findAll(
      Planner planner,
      Map<BaseRequest, BaseImage> found,
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
    for (Thread thread : threads) {
      join(thread, cancelled);
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private static void join(Thread thread, Cancellation cancelled) {
    while (true) {
      try {
        thread.join();
        return;
      } catch (InterruptedException e) {
        cancelled.cancel("the build was interrupted");
      }
    }
  }

  private BaseImage find(
      BaseRequest wanted, BuildRequest request, BuildProgress sink, Cancellation cancelled) {
    cancelled.check();
    Base base =
        services.bases().find(wanted.name(), wanted.platform(), request.pull(), sink, cancelled);
    return new BaseImage(base.id(), base.config(), base.layers());
  }

  private Digest image(Plan plan, Solver.Solution solution) {
    if (plan.target().isJustItsBase()) {
      return plan.target().base().orElseThrow().id();
    }
    if (plan.target().history().isEmpty()) {
      throw new Fault.InvalidArgument(
          "No image was generated. Is your Dockerfile empty? A stage of nothing but FROM scratch"
              + " has nothing in it");
    }
    ImageAssembly.Assembled assembled =
        ImageAssembly.assemble(plan, solution.fileSystem(), solution.entries());
    return services.images().store(assembled.config(), assembled.layers());
  }

  private void finish(
      BuildRequest request, Plan plan, Dockerfile dockerfile, Digest id, BuildProgress sink) {
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
    for (Reference tag : request.tags()) {
      services.images().tag(tag.withDefaultTag(), id);
    }
    sink.event(new BuildEvent.Built(id));
    for (Reference tag : request.tags()) {
      sink.event(new BuildEvent.Tagged(tag.withDefaultTag()));
    }
  }
}
