package dev.kemas.daemon;

import dev.kemas.api.server.BuildRouter;
import dev.kemas.api.server.ContainersRouter;
import dev.kemas.api.server.DiskUsageRouter;
import dev.kemas.api.server.EventsRouter;
import dev.kemas.api.server.ExecRouter;
import dev.kemas.api.server.ImagesRouter;
import dev.kemas.api.server.LifecycleRouter;
import dev.kemas.api.server.NetworksRouter;
import dev.kemas.api.server.NotBuiltRouter;
import dev.kemas.api.server.RegistryRouter;
import dev.kemas.api.server.Router;
import dev.kemas.api.server.SessionRouter;
import dev.kemas.api.server.StreamsRouter;
import dev.kemas.api.server.SystemRouter;
import dev.kemas.api.server.TransferRouter;
import dev.kemas.api.server.VolumesRouter;
import dev.kemas.build.Builder;
import dev.kemas.buildkit.Blobs;
import dev.kemas.buildkit.HistoryLimits;
import dev.kemas.buildkit.HistoryStore;
import dev.kemas.buildkit.Worker;
import dev.kemas.container.NetworkingConfig.EndpointRequest;
import dev.kemas.content.BlobReader;
import dev.kemas.daemon.build.BuildAdapter;
import dev.kemas.daemon.build.Contexts;
import dev.kemas.daemon.buildkit.BuildkitAdapter;
import dev.kemas.daemon.buildkit.CacheAdapter;
import dev.kemas.daemon.config.DaemonConfig;
import dev.kemas.daemon.config.Reloadable;
import dev.kemas.daemon.container.ContainersAdapter;
import dev.kemas.daemon.container.EventsAdapter;
import dev.kemas.daemon.container.ExecAdapter;
import dev.kemas.daemon.container.LifecycleAdapter;
import dev.kemas.daemon.container.StreamsAdapter;
import dev.kemas.daemon.image.ImagesAdapter;
import dev.kemas.daemon.image.RegistryAdapter;
import dev.kemas.daemon.image.TransferAdapter;
import dev.kemas.daemon.network.NetworksAdapter;
import dev.kemas.daemon.system.DiskUsageAdapter;
import dev.kemas.daemon.system.Product;
import dev.kemas.daemon.system.SystemFacts;
import dev.kemas.daemon.volume.VolumesAdapter;
import dev.kemas.engine.Container;
import dev.kemas.engine.ContainerState;
import dev.kemas.engine.DiskUse;
import dev.kemas.engine.Engine;
import dev.kemas.image.ImageFilter;
import dev.kemas.oci.Platform;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Each resource's router with the adapter behind it. */
final class Routers {
  private Routers() {}

  static List<Router> of(DaemonConfig config, Supplier<Reloadable> current, Services services) {
    Engine engine = services.engine;
    EventsAdapter events = new EventsAdapter(engine.events());
    SystemFacts facts =
        new SystemFacts(
            config,
            current,
            services.runtime::defaultRuntime,
            () -> counts(services, events.listeners()));
    DiskUse disk = services.diskUse;
    ContainersAdapter containers =
        new ContainersAdapter(engine, services.images.images(), services.snapshots, disk);
    Builder builder = services.builder();
    Contexts contexts = Contexts.below(config.dataRoot().resolve("build/contexts"));
    VolumesAdapter volumes = new VolumesAdapter(services.volumes, engine);
    BuildkitAdapter buildkit =
        new BuildkitAdapter(
            builder,
            services.clientFolders(),
            contexts,
            services.images,
            new CacheAdapter(services.buildCache),
            services.travellingCaches,
            worker(config),
            HistoryStore.open(
                config.dataRoot().resolve("build/history"),
                HistoryLimits.DEFAULT,
                Clock.systemUTC()),
            digest ->
                services
                    .blobs
                    .stat(digest)
                    .map(info -> new Blobs.Blob(info.size(), stream(services.blobs.open(digest)))));
    return List.of(
        new SystemRouter(facts),
        new DiskUsageRouter(
            new DiskUsageAdapter(
                disk,
                engine,
                services.cache,
                services.buildCache,
                containers::measured,
                volumes::measured)),
        new ContainersRouter(containers),
        new LifecycleRouter(new LifecycleAdapter(engine)),
        new StreamsRouter(new StreamsAdapter(engine)),
        new ExecRouter(new ExecAdapter(engine)),
        new ImagesRouter(
            new ImagesAdapter(services.images.images(), services.images.indexes(), engine)),
        new RegistryRouter(new RegistryAdapter(services.images.remote())),
        new TransferRouter(new TransferAdapter(services.images, services.bootstrap)),
        new BuildRouter(
            new BuildAdapter(
                builder,
                contexts,
                buildkit::lender,
                services.buildCache,
                services.travellingCaches,
                services.images)),
        new VolumesRouter(volumes),
        new NetworksRouter(
            new NetworksAdapter(services.networks, members(engine), engine.events())),
        new EventsRouter(events),
        new SessionRouter(buildkit),
        new NotBuiltRouter());
  }

  /** The content of a blob, closed with it. */
  private static InputStream stream(BlobReader blob) {
    return new FilterInputStream(blob.stream()) {
      @Override
      public void close() {
        blob.close();
      }
    };
  }

  private static Worker worker(DaemonConfig config) {
    return new Worker(
        SystemFacts.id(config.dataRoot()),
        Product.VERSION,
        Map.of(
            "org.mobyproject.buildkit.worker.executor",
            "kemas",
            "org.mobyproject.buildkit.worker.hostname",
            SystemFacts.hostName(),
            // what clients take for a sign that archives, several platforms and pushes work
            "org.mobyproject.buildkit.worker.snapshotter",
            "overlay"),
        List.of(Platform.host()));
  }

  private static NetworksAdapter.Members members(Engine engine) {
    return new NetworksAdapter.Members() {
      @Override
      public void connect(String network, String container, EndpointRequest endpoint) {
        engine.connect(network, container, endpoint);
      }

      @Override
      public void disconnect(String network, String container, boolean force) {
        engine.disconnect(network, container, force);
      }
    };
  }

  private static SystemFacts.Counts counts(Services services, int listeners) {
    int running = 0;
    int paused = 0;
    int stopped = 0;
    for (Container container : services.engine.containers()) {
      switch (container.state()) {
        case ContainerState.Running _, ContainerState.Restarting _ -> running++;
        case ContainerState.Paused _ -> paused++;
        case ContainerState.Created _, ContainerState.Exited _, ContainerState.Removing _ ->
            stopped++;
      }
    }
    int images = services.images.images().list(ImageFilter.ALL, true).size();
    return new SystemFacts.Counts(running, paused, stopped, images, listeners);
  }
}
