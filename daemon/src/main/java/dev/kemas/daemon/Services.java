package dev.kemas.daemon;

import dev.kemas.bootstrap.Bootstrap;
import dev.kemas.build.BuildParts;
import dev.kemas.build.Builder;
import dev.kemas.build.RecordedCache;
import dev.kemas.build.cache.BuildCache;
import dev.kemas.build.cache.CacheRule;
import dev.kemas.build.cache.FetchedShelf;
import dev.kemas.build.cache.MountShelf;
import dev.kemas.build.cache.StepShelf;
import dev.kemas.build.cache.TravellingCaches;
import dev.kemas.container.HostConfig;
import dev.kemas.container.Resources;
import dev.kemas.content.FolderBlobStore;
import dev.kemas.daemon.build.FolderShelf;
import dev.kemas.daemon.build.PackageShelf;
import dev.kemas.daemon.config.BuilderGc;
import dev.kemas.daemon.config.DaemonConfig;
import dev.kemas.daemon.system.SystemFacts;
import dev.kemas.engine.DiskUse;
import dev.kemas.engine.Engine;
import dev.kemas.engine.EngineSettings;
import dev.kemas.engine.Events;
import dev.kemas.engine.GarbageCollection;
import dev.kemas.engine.HostFactsReader;
import dev.kemas.engine.StoredNetworkRecords;
import dev.kemas.fault.Fault;
import dev.kemas.image.Garbage;
import dev.kemas.image.ImageEvent;
import dev.kemas.image.ImageService;
import dev.kemas.image.Layer;
import dev.kemas.linux.KernelMounter;
import dev.kemas.metadata.Collector;
import dev.kemas.metadata.Leases;
import dev.kemas.metadata.RecordStore;
import dev.kemas.metadata.Resource;
import dev.kemas.network.Networks;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistrySettings;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.runtime.RuntimeSettings;
import dev.kemas.signature.SignaturePolicy;
import dev.kemas.snapshot.OverlaySnapshotter;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.synced.folder.FolderLimits;
import dev.kemas.synced.folder.SyncedFolders;
import dev.kemas.volume.Volume;
import dev.kemas.volume.Volumes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine with all that it stands on, opened from the stores upwards and closed in the opposite
 * order. Containers run on.
 */
final class Services implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Services.class);

  /** A pull that broke off can go on for this long. */
  static final Duration PARTIALS_KEPT = Duration.ofDays(1);

  private static final Duration BUILD_GC_AT_REST = Duration.ofHours(1);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Events events = new Events();
  final Leases leases = new Leases();
  final RecordStore records;
  final FolderBlobStore blobs;
  final OverlaySnapshotter snapshots;
  final ContainerRuntime runtime;
  final Networks networks;
  final Volumes volumes;
  private final RegistryClient registries;
  private volatile SignaturePolicy signatures;
  final ImageService images;
  final Bootstrap bootstrap;
  final Engine engine;
  final GarbageCollection garbage;
  final RecordedCache cache;
  final Garbage imageGarbage = garbageOfImages();
  final BuildCache buildCache;
  final TravellingCaches travellingCaches;
  final DiskUse diskUse;
  private volatile BuilderGc buildGc;
  private volatile Instant lastBuildGc = Instant.EPOCH;
  private final EngineSettings settings;
  private final Housekeeping housekeeping;

  private Services(DaemonConfig config) {
    signatures = signatures(config);
    String instance = Instance.of(config.dataRoot());
    Path data = config.dataRoot();
    // images ask who uses them, and the engine asks for images: one of them is known later
    CompletableFuture<Engine> late = new CompletableFuture<>();
    CompletableFuture<ImageService> lateImages = new CompletableFuture<>();
    records = own(RecordStore.open(data.resolve("kemas.db")));
    cache = new RecordedCache(records);
    blobs = FolderBlobStore.open(data.resolve("content"));
    snapshots = OverlaySnapshotter.open(data.resolve("snapshots"));
    garbage =
        new GarbageCollection(
            leases,
            blobs,
            snapshots,
            List.of(() -> lateImages.join().roots(), cache::roots),
            name -> lateImages.join().layers().beside(name));
    registries = new RegistryClient(registries(config), System.getenv());
    images =
        ImageService.open(
            new ImageService.Parts(
                records,
                leases,
                blobs,
                snapshots,
                digest -> late.join().usersOf(digest),
                this::tell,
                imageGarbage,
                registries,
                System.getenv(),
                Clock.systemUTC()),
            data,
            () -> signatures);
    lateImages.complete(images);
    bootstrap =
        Bootstrap.open(
            images, data.resolve("cache"), System.getenv(), Clock.systemUTC(), this::collect);
    volumes = Volumes.open(data.resolve("volumes"), records, new KernelMounter(), this::tell);
    networks =
        own(Networks.open(NetworkSetup.of(config, instance), new StoredNetworkRecords(records)));
    runtime = ContainerRuntime.open(runtimes(config, instance));
    settings = settings(config, instance);
    engine =
        own(new Engine(settings, records, snapshots, images, networks, volumes, runtime, events));
    late.complete(engine);
    diskUse = new DiskUse(blobs, snapshots, images.images(), engine);
    buildGc = config.builderGc();
    buildCache =
        new BuildCache(
            List.of(
                new StepShelf(cache, this::measured, this::isHeld), new PackageShelf(bootstrap)),
            imageGarbage,
            () -> disk(FileStore::getUsableSpace),
            Clock.systemUTC());
    travellingCaches = new TravellingCaches(images, registries);
    own(cache::flush);
    housekeeping =
        own(new Housekeeping(images, config.content(), this::collect, this::collectBuildCache));
  }

  /** Opens everything and takes over the containers that run. */
  static Services open(DaemonConfig config) {
    Services services = new Services(config);
    try {
      services.engine.recover();
      return services;
    } catch (RuntimeException e) {
      services.stop();
      throw e;
    }
  }

  /** Builds; to be called once. */
  Builder builder() {
    Builder builder =
        Builder.open(
            new BuildParts(
                images,
                snapshots,
                new KernelMounter(),
                runtime,
                networks,
                settings.host(),
                cache,
                settings.dataRoot().resolve("build"),
                settings.cgroupParent(),
                Clock.systemUTC()));
    buildCache.add(new MountShelf(builder.cacheMounts()));
    buildCache.add(new FetchedShelf(builder.steps()));
    return builder;
  }

  /** The folders of clients that build here; to be called once. */
  SyncedFolders clientFolders() {
    Path root = settings.dataRoot().resolve("build/clients");
    try {
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new Fault.Internal("cannot make " + root + " for clients' folders: " + e, e);
    }
    SyncedFolders folders = own(SyncedFolders.open(root, FolderLimits.DEFAULT, Clock.systemUTC()));
    buildCache.add(new FolderShelf(folders));
    return folders;
  }

  private static EngineSettings settings(DaemonConfig config, String instance) {
    EngineSettings usual = EngineSettings.of(config.dataRoot(), instance, HostFactsReader.read());
    return new EngineSettings(
        usual.dataRoot(),
        usual.instance(),
        usual.host(),
        new HostConfig.LogConfig(config.logDriver(), new TreeMap<>(config.logOptions())),
        config.ulimits().stream()
            .map(limit -> new Resources.Ulimit(limit.name(), limit.soft(), limit.hard()))
            .toList(),
        config.shmSize(),
        config.init(),
        usual.cgroupParent());
  }

  private static RuntimeSettings runtimes(DaemonConfig config, String instance) {
    return new RuntimeSettings(
        config.execRoot().resolve("runtime"),
        instance,
        config.defaultRuntime().orElse(""),
        paths(config.runtimes()));
  }

  private static Map<String, Path> paths(Map<String, String> runtimes) {
    Map<String, Path> paths = new LinkedHashMap<>();
    runtimes.forEach((name, path) -> paths.put(name, Path.of(path)));
    return paths;
  }

  /**
   * Whose signature images must have.
   *
   * @throws Fault.InvalidArgument when the policy cannot be read, with file, line and cause
   */
  static SignaturePolicy signatures(DaemonConfig config) {
    return config.signaturePolicy().map(SignaturePolicy::read).orElse(SignaturePolicy.NONE);
  }

  /**
   * Lets runtimes, registries and signatures of this configuration hold from now on, and nothing
   * else of it.
   *
   * @throws Fault.InvalidArgument for a runtime, a mirror or a policy that cannot be; nothing has
   *     changed
   */
  void reload(DaemonConfig config) {
    RegistrySettings wanted = registries(config);
    SignaturePolicy policy = signatures(config);
    runtime.reload(config.defaultRuntime().orElse(""), paths(config.runtimes()));
    registries.reload(wanted);
    signatures = policy;
    buildGc = config.builderGc();
    housekeeping.reload(config.content());
  }

  /** Tells those who follow events that the configuration was reloaded. */
  void tellReload(Map<String, String> attributes) {
    Map<String, String> all = new TreeMap<>(attributes);
    all.put("name", SystemFacts.hostName());
    events.tell("daemon", "reload", SystemFacts.id(settings.dataRoot()), all);
  }

  private static RegistrySettings registries(DaemonConfig config) {
    try {
      Map<String, List<URI>> mirrors = new LinkedHashMap<>();
      for (String text : config.registryMirrors()) {
        int equals = text.indexOf('=');
        boolean named = equals > 0 && equals < text.indexOf("://");
        String domain = named ? text.substring(0, equals) : "docker.io";
        URI address = URI.create(named ? text.substring(equals + 1) : text);
        if (address.getHost() == null || address.getRawQuery() != null) {
          throw new IllegalArgumentException(text + ": want [REGISTRY=]https://HOST[:PORT][/PATH]");
        }
        mirrors.computeIfAbsent(domain, d -> new ArrayList<>()).add(address);
      }
      return new RegistrySettings(
              List.of(), config.insecureRegistries(), RegistrySettings.DEFAULT.connectTimeout())
          .withMirrors(mirrors)
          .withAtOnce(
              new RegistrySettings.AtOnce(
                  config.transfers().downloads(), config.transfers().uploads()));
    } catch (IllegalArgumentException e) {
      throw new Fault.InvalidArgument("invalid registry mirror: " + e.getMessage(), e);
    }
  }

  private Garbage garbageOfImages() {
    return new Garbage() {
      @Override
      public Collector.Result collect() {
        return Services.this.collect();
      }

      @Override
      public Collector.Result collectMeasured() {
        dropPartials();
        return garbage.collectMeasured();
      }
    };
  }

  private void collectBuildCache() {
    // to look for sizes costs: it is done after builds, and each hour for what grows old
    boolean used = cache.flush();
    Instant now = Instant.now();
    if (!used && now.isBefore(lastBuildGc.plus(BUILD_GC_AT_REST))) {
      return;
    }
    lastBuildGc = now;
    List<CacheRule> rules = buildGc.rules(disk(FileStore::getTotalSpace));
    if (rules.isEmpty()) {
      return;
    }
    BuildCache.Pruned pruned = buildCache.prune(rules);
    if (!pruned.records().isEmpty()) {
      LOG.info(
          "removed {} records of the build cache, {} bytes, to keep it within its limits",
          pruned.records().size(),
          pruned.bytes());
    }
  }

  private List<StepShelf.Measured> measured(List<Layer> layers) {
    return diskUse.images(layers).cache().stream()
        .map(use -> new StepShelf.Measured(use.bytes(), use.shared()))
        .toList();
  }

  private boolean isHeld(Layer layer) {
    return leases.isHeld(Resource.snapshot(SnapshotName.of(layer.chainId()).value()));
  }

  /** A figure of the disk that everything is on. */
  private interface Figure {
    long of(FileStore store) throws IOException;
  }

  private long disk(Figure figure) {
    try {
      return figure.of(Files.getFileStore(settings.dataRoot()));
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot see how large the disk of " + settings.dataRoot() + " is: " + e, e);
    }
  }

  private void dropPartials() {
    blobs.dropPartials(Instant.now().minus(PARTIALS_KEPT));
  }

  /** Drops what nothing needs, and what was begun so long ago that nobody will go on with it. */
  Collector.Result collect() {
    dropPartials();
    return garbage.collect();
  }

  private void tell(ImageEvent event) {
    events.tell("image", event.action().word(), event.actor(), event.attributes());
    housekeeping.nudge();
  }

  private void tell(String action, Volume volume) {
    events.tell("volume", action, volume.name(), Map.of("driver", Volume.DRIVER));
  }

  private <T extends AutoCloseable> T own(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
    stop();
  }

  private void stop() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        // the rest must be closed all the same
        LOG.error("{} did not close: {}", part.getClass().getSimpleName(), e.getMessage(), e);
      }
    }
  }
}
