package dev.kemas.buildkit;

import dev.kemas.build.BuildRequest;
import dev.kemas.build.BuildResult;
import dev.kemas.build.Builder;
import dev.kemas.build.Cancellation;
import dev.kemas.build.Export;
import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something that a frontend was asked for: it is built when its result is needed, which may be more
 * than once; the second time the cache knows it. Safe for several threads.
 */
final class Job {
  private final Builder builder;
  private final BuildRequest request;
  private final Vertices vertices;
  private final DockerfileText dockerfile;
  private final Cancellation cancelled;
  private int runs;
  private volatile Optional<BuildResult> last = Optional.empty();

  Job(
      Builder builder,
      BuildRequest request,
      Vertices vertices,
      DockerfileText dockerfile,
      Cancellation cancelled) {
    this.builder = builder;
    this.request = request;
    this.vertices = vertices;
    this.dockerfile = dockerfile;
    this.cancelled = cancelled;
  }

  /**
   * Builds and delivers.
   *
   * @param exports where to; none: it is only known to the cache afterwards
   * @throws dev.kemas.grpc.CallFailed when it fails
   */
  synchronized BuildResult build(List<Export> exports) {
    return build(request.withExports(exports));
  }

  /** Builds and lets somebody look at what was built, which is delivered nowhere. */
  synchronized void look(Export who) {
    build(
        request
            .withExports(List.of(who))
            .withCaches(new BuildRequest.Caches(request.caches().from(), List.of())));
  }

  /** Builds and delivers nothing, to caches of other machines neither. */
  synchronized void evaluate() {
    build(
        request
            .withExports(List.of())
            .withCaches(new BuildRequest.Caches(request.caches().from(), List.of())));
  }

  private BuildResult build(BuildRequest wanted) {
    if (runs > 0) {
      vertices.again();
    }
    runs++;
    try {
      BuildResult result = builder.build(wanted, vertices, cancelled);
      last = Optional.of(result);
      return result;
    } catch (Fault fault) {
      throw Failures.of(fault, vertices.failed(), dockerfile.info());
    } finally {
      vertices.end();
    }
  }

  /** The same, put into the engine's images. */
  BuildResult buildImage() {
    return build(request.withTags(List.of()).exports());
  }

  /** How it was built last; empty while it was not, or when that failed. */
  Optional<BuildResult> last() {
    return last;
  }

  /** Why its steps ran. */
  List<Map<String, Object>> explanations() {
    return vertices.explanations();
  }

  /** What is asked for. */
  BuildRequest request() {
    return request;
  }

  Vertices.Counts counts() {
    return vertices.counts();
  }
}
