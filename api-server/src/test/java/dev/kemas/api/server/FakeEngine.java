package dev.kemas.api.server;

import dev.kemas.api.ContainerCreated;
import dev.kemas.api.ContainerInspect;
import dev.kemas.api.ContainerStats;
import dev.kemas.api.DiskUsage;
import dev.kemas.api.ExecInspect;
import dev.kemas.api.FilesystemChange;
import dev.kemas.api.ImageDeleted;
import dev.kemas.api.ImageHistoryItem;
import dev.kemas.api.ImageInspect;
import dev.kemas.api.NetworkCreated;
import dev.kemas.api.NetworkRecord;
import dev.kemas.api.PathStat;
import dev.kemas.api.PruneReport;
import dev.kemas.api.SystemInfo;
import dev.kemas.api.SystemVersion;
import dev.kemas.api.TopResult;
import dev.kemas.api.VolumeRecord;
import dev.kemas.api.WaitResult;
import dev.kemas.api.Warnings;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the routers: notes each call as a text, answers with the sample of the type that is
 * asked for, or as a test told it to.
 */
final class FakeEngine {
  /** What a test wants a method to do. */
  interface Answer {
    @Nullable Object to(Object[] arguments) throws Throwable;
  }

  private static final Map<Class<?>, Object> SAMPLES =
      Map.ofEntries(
          Map.entry(ContainerCreated.class, new ContainerCreated(Samples.ID, List.of())),
          Map.entry(ContainerInspect.class, Samples.containerInspect()),
          Map.entry(ContainerStats.class, Samples.stats()),
          Map.entry(ExecInspect.class, Samples.exec(false)),
          Map.entry(ImageInspect.class, Samples.imageInspect()),
          Map.entry(NetworkCreated.class, new NetworkCreated(Samples.ID, "")),
          Map.entry(NetworkRecord.class, Samples.network()),
          Map.entry(PathStat.class, new PathStat("a", 1, 420, Samples.TIME, "")),
          Map.entry(DiskUsage.class, Samples.diskUsage()),
          Map.entry(String.class, Samples.ID),
          Map.entry(SystemInfo.class, Samples.info()),
          Map.entry(SystemVersion.class, Samples.version()),
          Map.entry(TopResult.class, new TopResult(List.of("PID"), List.of(List.of("1")))),
          Map.entry(VolumeRecord.class, Samples.volume()),
          Map.entry(Warnings.class, new Warnings(List.of())));

  private static final Map<String, Object> BY_METHOD =
      Map.ofEntries(
          Map.entry("ContainersBackend.list", List.of(Samples.containerSummary())),
          Map.entry("ContainersBackend.changes", List.of(new FilesystemChange("/a", 1))),
          Map.entry("ContainersBackend.prune", PruneReport.containers(List.of(Samples.ID), 1)),
          Map.entry("ImagesBackend.list", List.of(Samples.imageSummary())),
          Map.entry(
              "ImagesBackend.history",
              List.of(new ImageHistoryItem("<missing>", 1, "RUN", List.of(), 0, ""))),
          Map.entry(
              "ImagesBackend.remove",
              List.of(ImageDeleted.untagged("a:b"), ImageDeleted.deleted("sha256:c"))),
          Map.entry("ImagesBackend.prune", PruneReport.images(List.of(), 1)),
          Map.entry("VolumesBackend.list", List.of(Samples.volume())),
          Map.entry("VolumesBackend.prune", PruneReport.volumes(List.of("a"), 1)),
          Map.entry("NetworksBackend.list", List.of(Samples.network())),
          Map.entry("NetworksBackend.prune", PruneReport.networks(List.of("a"))),
          Map.entry("BuildBackend.prune", PruneReport.caches(List.of(), 0)),
          Map.entry("LifecycleBackend.waitFor", ended(7)));

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();

  static LifecycleBackend.Waiting ended(int code) {
    return new LifecycleBackend.Waiting() {
      @Override
      public WaitResult await() {
        return WaitResult.exited(code);
      }

      @Override
      public void close() {}
    };
  }

  /** Tells what {@code Backend.method} does from now on. */
  void when(String method, Answer answer) {
    answers.put(method, answer);
  }

  List<Router> routers() {
    return List.of(
        new SystemRouter(as(SystemBackend.class)),
        new DiskUsageRouter(as(DiskUsageBackend.class)),
        new ContainersRouter(as(ContainersBackend.class)),
        new LifecycleRouter(as(LifecycleBackend.class)),
        new StreamsRouter(as(StreamsBackend.class)),
        new ArchiveRouter(as(ArchiveBackend.class)),
        new ExecRouter(as(ExecBackend.class)),
        new ImagesRouter(as(ImagesBackend.class)),
        new TransferRouter(as(TransferBackend.class)),
        new BuildRouter(as(BuildBackend.class)),
        new VolumesRouter(as(VolumesBackend.class)),
        new NetworksRouter(as(NetworksBackend.class)),
        new EventsRouter(as(EventsBackend.class)),
        new RegistryRouter(as(RegistryBackend.class)),
        new SessionRouter(as(SessionBackend.class)),
        new NotBuiltRouter());
  }

  private <T> T as(Class<T> backend) {
    InvocationHandler handler = (proxy, method, arguments) -> call(backend, method, arguments);
    return backend.cast(
        Proxy.newProxyInstance(backend.getClassLoader(), new Class<?>[] {backend}, handler));
  }

  private @Nullable Object call(Class<?> backend, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Object[] given = arguments == null ? new Object[0] : arguments;
    calls.add(
        Arrays.stream(given)
            .filter(a -> !(a instanceof java.io.Closeable) && !(a instanceof Progress))
            .map(String::valueOf)
            .collect(Collectors.joining(", ", method.getName() + "(", ")")));
    String name = backend.getSimpleName() + "." + method.getName();
    Answer answer = answers.get(name);
    if (answer != null) {
      return answer.to(given);
    }
    Object sample = BY_METHOD.get(name);
    return sample == null ? SAMPLES.get(method.getReturnType()) : sample;
  }
}
