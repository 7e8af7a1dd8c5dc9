package dev.kemas.build;

import dev.kemas.build.plan.BaseRequest;
import dev.kemas.build.plan.Plan;
import dev.kemas.build.plan.PlanRequest;
import dev.kemas.build.plan.Planner;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.image.Image;
import dev.kemas.oci.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Makes the plans of a build; each base image is looked for once in it. One use. */
final class PlanBases {
  private final Bases bases;
  private final BuildRequest request;
  private final IgnoreFile ignored;
  private final Tasks tasks;
  private final Cancellation cancelled;
  private final Map<BaseRequest, Image> found = new ConcurrentHashMap<>();

  PlanBases(
      Bases bases, BuildRequest request, IgnoreFile ignored, Tasks tasks, Cancellation cancelled) {
    this.bases = bases;
    this.ignored = ignored;
    this.request = request;
    this.tasks = tasks;
    this.cancelled = cancelled;
  }

  Plan plan(Dockerfile dockerfile, Platform platform) {
    Planner planner =
        new Planner(dockerfile, asked(request, platform, Optional.of(ignored)), this::find);
    // all at once, since each may be a pull; what a trigger asks for comes later
    List<BaseRequest> wanted = planner.bases().stream().filter(b -> !found.containsKey(b)).toList();
    if (wanted.size() > 1) {
      Together.all(wanted, cancelled, this::find);
    }
    return planner.plan();
  }

  /** What a plan is asked for, of one platform. */
  static PlanRequest asked(BuildRequest request, Platform platform, Optional<IgnoreFile> ignored) {
    return new PlanRequest(
        request.goal().buildArguments(),
        request.goal().labels(),
        request.goal().target(),
        platform,
        request.steps().network(),
        contexts(request),
        ignored);
  }

  private static Map<String, Optional<String>> contexts(BuildRequest request) {
    Map<String, Optional<String>> contexts = new TreeMap<>();
    request
        .sources()
        .named()
        .forEach((name, context) ->
            contexts.put(
                name,
                switch (context) {
                  case NamedContext.Image image -> Optional.of(image.reference());
                  case NamedContext.Stored stored -> Optional.of(stored.name());
                  case NamedContext.Files files -> Optional.empty();
                }));
    return contexts;
  }

  private Image find(BaseRequest wanted) {
    Image known = found.get(wanted);
    if (known != null) {
      return known;
    }
    cancelled.check();
    Image image =
        tasks.run(
            "[internal] load metadata for " + ImageBases.shown(wanted.name()),
            task ->
                stored(wanted.name())
                    .map(stored -> stored.origin().fetch(wanted.platform(), task, cancelled))
                    .orElseGet(() ->
                        bases.find(
                            wanted.name(),
                            wanted.platform(),
                            request,
                            event -> {
                              cancelled.check();
                              task.pull(event);
                            })));
    found.put(wanted, image);
    return image;
  }

  private Optional<NamedContext.Stored> stored(String name) {
    return request.sources().named().values().stream()
        .filter(NamedContext.Stored.class::isInstance)
        .map(NamedContext.Stored.class::cast)
        .filter(stored -> stored.name().equals(name))
        .findFirst();
  }
}
