package dev.kemas.build;

import dev.kemas.build.explain.BuildMemory;
import dev.kemas.fault.Fault;
import java.nio.file.Path;

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
  private final SharedWork shared = new SharedWork();
  private final SeenFindings findings = new SeenFindings();

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
            parts.mounter(),
            parts.folder().resolve("containers"),
            parts.cgroup());
    SnapshotWorkspaces workspaces =
        new SnapshotWorkspaces(
            parts.snapshots(),
            parts.images().layers(),
            parts.mounter(),
            parts.folder().resolve("mounts"));
    executor.collect();
    StepParts stepParts = StepParts.open(parts.folder(), parts.mounter(), parts.clock());
    workspaces.collect();
    Path scratch = parts.folder().resolve("scratch");
    Downloads.collect(scratch);
    return new Builder(
        new BuildServices(
            new ImageBases(parts.images()),
            workspaces,
            executor,
            new ImageShelf(parts.images()),
            parts.cache(),
            new TarArchives(),
            new BuildMemory(parts.folder().resolve("explain")),
            stepParts,
            Emulators.ofThisMachine(),
            scratch,
            parts.clock()));
  }

  /**
   * The contexts behind addresses of one client's build; the caller closes them after it.
   *
   * @param access what the client lends: a token, an agent
   * @param cancelled ends fetching
   */
  public RemoteContexts remoteContexts(BuildRequest.Access access, Cancellation cancelled) {
    return new RemoteContexts(services, access, cancelled);
  }

  /** What steps take from besides file systems in layers: cache mounts, say. */
  public StepParts steps() {
    return services.steps();
  }

  /** The folders of {@code RUN --mount=type=cache}. */
  public CacheMounts cacheMounts() {
    return services.steps().caches();
  }

  /**
   * Builds what is asked for and delivers it.
   *
   * @param progress is told of each step, from any thread, one event at a time
   * @param cancelled ends the build when its client goes away: processes are killed, file systems
   *     dropped
   * @throws Fault.InvalidArgument for a mistake in the Dockerfile, the context or the request, and
   *     for a command that failed: {@code The command '/bin/sh -c false' returned a non-zero code:
   *     1} (of that, {@link BuildEvent.CommandFailed} tells the code)
   * @throws Fault.NotFound when a base image is nowhere
   * @throws Fault.Cancelled when it was cancelled
   */
  public BuildResult build(BuildRequest request, BuildProgress progress, Cancellation cancelled) {
    Cancellation own = cancelled.child();
    return new BuildRun(services, shared, findings, request, inTurn(progress), own).run();
  }

  /** What can be asked in place of building that. */
  public BuildQuestions ask(BuildRequest request) {
    return new BuildQuestions(services.bases(), request);
  }

  private static BuildProgress inTurn(BuildProgress progress) {
    Object turn = new Object();
    return event -> {
      synchronized (turn) {
        progress.event(event);
      }
    };
  }
}
