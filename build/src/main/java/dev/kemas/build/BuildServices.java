package dev.kemas.build;

import dev.kemas.build.explain.BuildMemory;
import java.nio.file.Path;
import java.time.Clock;

/**
 * All that a build needs of the engine.
 *
 * @param memory of the last build of each project
 * @param steps what steps take from besides file systems in layers
 * @param emulators whose programs RUN can run
 * @param scratch a folder of the builder's own, for downloads
 * @param clock for the times of layers and images
 */
public record BuildServices(
    Bases bases,
    Workspaces workspaces,
    Executor executor,
    ImageSink images,
    CacheIndex cache,
    Archives archives,
    BuildMemory memory,
    StepParts steps,
    Emulators emulators,
    Path scratch,
    Clock clock) {

  /** The same with another look at the cache. */
  BuildServices with(CacheIndex other) {
    return new BuildServices(
        bases,
        workspaces,
        executor,
        images,
        other,
        archives,
        memory,
        steps,
        emulators,
        scratch,
        clock);
  }
}
