package dev.kemas.build;

import dev.kemas.build.plan.Operation;
import dev.kemas.build.plan.Plan;
import dev.kemas.dockerfile.Mount;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The cache mounts of one build: filled from other machines before the first step that has them,
 * lent to who carries them to others. Safe for several threads.
 */
final class MountExchange implements CacheTarget.Mounts {
  private final BuildRequest request;
  private final CacheMounts caches;
  private final Tasks tasks;
  private final BuildProgress sink;
  private final List<MountSource> sources;
  private final Map<String, TravellingMount> used = new ConcurrentHashMap<>();
  private final Map<String, Lock> turns = new ConcurrentHashMap<>();
  private final Set<String> restored = ConcurrentHashMap.newKeySet();
  private final Set<String> unfetched = ConcurrentHashMap.newKeySet();

  MountExchange(BuildRequest request, CacheMounts caches, Tasks tasks, BuildProgress sink) {
    this.request = request;
    this.caches = caches;
    this.tasks = tasks;
    this.sink = sink;
    this.sources =
        request.caches().from().stream().flatMap(source -> source.mounts().stream()).toList();
  }

  /**
   * Notes the mounts of a plan: also those of steps whose results are known. What one begins with
   * is known only when its step runs.
   */
  void note(Plan plan) {
    plan.graph().vertices().stream()
        .map(vertex -> vertex.operation())
        .filter(Operation.Run.class::isInstance)
        .flatMap(operation -> ((Operation.Run) operation).mounts().stream())
        .filter(Mount.Cache.class::isInstance)
        .map(Mount.Cache.class::cast)
        .filter(cache -> cache.from().isEmpty())
        .forEach(cache -> note(cache, Optional.empty()));
  }

  private TravellingMount note(Mount.Cache cache, Optional<Digest> base) {
    TravellingMount mount = new TravellingMount(cache.id(), base, cache.sharing());
    return used.computeIfAbsent(mount.key(), none -> mount);
  }

  /** Fills a mount that a step just took, once a build; others that have it wait. */
  void restore(
      Mount.Cache cache, Optional<Digest> base, CacheMounts.Lease lease, Cancellation cancelled) {
    TravellingMount mount = note(cache, base);
    if (sources.isEmpty()) {
      return;
    }
    String folder = lease.folder().toString();
    Lock turn = turns.computeIfAbsent(folder, none -> new ReentrantLock());
    turn.lock();
    try {
      if (restored.add(folder)) {
        sources.forEach(source -> restore(source, mount, lease, cancelled));
      }
    } finally {
      turn.unlock();
    }
  }

  private void restore(
      MountSource source, TravellingMount mount, CacheMounts.Lease lease, Cancellation cancelled) {
    cancelled.check();
    try {
      tasks.run(
          source.title(mount),
          task -> {
            source.restore(
                mount, lease.folder(), lease.beside(), request.access().logins(), task, cancelled);
            return true;
          });
    } catch (Fault.Cancelled e) {
      throw e;
    } catch (Fault.NotFound | Fault.DataLoss e) {
      warn(source.title(mount), e, "");
    } catch (Fault e) {
      // what is there may be more than what is here by far
      unfetched.add(mount.key());
      warn(source.title(mount), e, ", and leaving none");
    }
  }

  private void warn(String title, Fault fault, String more) {
    sink.event(
        new BuildEvent.Warning(
            "%s failed, going on with what is here%s: %s"
                .formatted(title, more, fault.getMessage())));
  }

  /** Without those that should have come first: they would take the place of what did not. */
  @Override
  public List<TravellingMount> used() {
    return new TreeMap<>(used)
        .values().stream().filter(mount -> !unfetched.contains(mount.key())).toList();
  }

  @Override
  public Optional<CacheMounts.Lease> take(TravellingMount mount, Cancellation cancelled) {
    return caches.takeKnown(mount.id(), mount.base(), mount.sharing(), cancelled);
  }
}
