package dev.kemas.build;

import dev.kemas.fault.Fault;
import dev.kemas.image.NewImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The caches of other machines that one build looks in and fills. */
final class CacheExchange {
  private final BuildRequest request;
  private final Tasks tasks;
  private final BuildProgress sink;
  private final Cancellation cancelled;

  CacheExchange(BuildRequest request, Tasks tasks, BuildProgress sink, Cancellation cancelled) {
    this.request = request;
    this.tasks = tasks;
    this.sink = sink;
    this.cancelled = cancelled;
  }

  /** Opens them; one that cannot be read is warned of, for the build can do without. */
  List<CacheSource.Imported> open() {
    List<CacheSource.Imported> opened = new ArrayList<>();
    for (CacheSource source : request.caches().from()) {
      cancelled.check();
      try {
        opened.add(
            tasks.run(source.title(), task -> source.open(request.access().logins(), cancelled)));
      } catch (Fault.Cancelled e) {
        throw e;
      } catch (Fault e) {
        sink.event(
            new BuildEvent.Warning(
                "%s failed, building without it: %s".formatted(source.title(), e.getMessage())));
      }
    }
    return opened;
  }

  /** The image with what goes into itself. */
  Built into(Built built, List<CacheTarget.Step> steps) {
    if (built.unchanged().isPresent()) {
      return built;
    }
    NewImage image = built.image();
    for (CacheTarget target : request.caches().to()) {
      image = target.into(image, steps);
    }
    return new Built(built.platform(), image, built.unchanged(), built.plan());
  }

  /** Fills them; what the client is told of it. */
  Map<String, String> deliver(
      List<Built> results, List<CacheTarget.Step> steps, CacheTarget.Mounts mounts) {
    Map<String, String> told = new TreeMap<>();
    for (CacheTarget target : request.caches().to()) {
      cancelled.check();
      told.putAll(
          tasks.run(
              target.title(),
              task ->
                  target.deliver(
                      new CacheTarget.Delivery(
                          results, steps, mounts, request.access().logins(), task, cancelled))));
    }
    return told;
  }
}
