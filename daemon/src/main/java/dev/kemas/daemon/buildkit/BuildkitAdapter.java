package dev.kemas.daemon.buildkit;

import dev.kemas.api.server.SessionBackend;
import dev.kemas.build.Builder;
import dev.kemas.build.cache.TravellingCaches;
import dev.kemas.buildkit.Blobs;
import dev.kemas.buildkit.BuildkitServices;
import dev.kemas.buildkit.CacheRecords;
import dev.kemas.buildkit.ClientSession;
import dev.kemas.buildkit.HistoryStore;
import dev.kemas.buildkit.Worker;
import dev.kemas.daemon.build.Contexts;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.Peer;
import dev.kemas.grpc.Services;
import dev.kemas.image.ImageService;
import dev.kemas.session.Sessions;
import dev.kemas.synced.folder.SyncedFolders;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** BuildKit's two doors: clients that call, and clients that are called. */
public final class BuildkitAdapter implements SessionBackend {
  private static final Logger LOG = LoggerFactory.getLogger(BuildkitAdapter.class);

  /** A client opens its session and asks for a build at the same time. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Sessions sessions = new Sessions();
  private final SyncedFolders folders;
  private final Contexts contexts;
  private final ImageService images;
  private final TravellingCaches caches;
  private final Services services;

  /**
   * @param folders where clients' folders are kept
   * @param contexts where archives that they send are unpacked
   * @param images where results go, and from where they are pushed
   * @param cache of the builder
   * @param caches of other machines
   * @param worker how the builder is shown
   * @param history where the records of builds are kept
   * @param blobs of the engine, which records name
   */
  public BuildkitAdapter(
      Builder builder,
      SyncedFolders folders,
      Contexts contexts,
      ImageService images,
      CacheRecords cache,
      TravellingCaches caches,
      Worker worker,
      HistoryStore history,
      Blobs blobs) {
    this.caches = caches;
    this.folders = folders;
    this.contexts = contexts;
    this.images = images;
    this.services =
        new BuildkitServices(builder, this::lender, cache, worker, history, blobs).services();
  }

  @Override
  public Services services() {
    return services;
  }

  @Override
  public void session(Hello hello, Peer client) {
    try {
      sessions.add(
          new dev.kemas.session.Hello(hello.id(), hello.name(), hello.sharedKey(), hello.methods()),
          client);
    } catch (Fault fault) {
      LOG.warn("session {} is refused: {}", hello.id(), fault.getMessage());
      client.close();
    }
  }

  /**
   * What the client of a session lends to one build; to be closed with it.
   *
   * @throws Fault.NotFound when there is no such session
   */
  public ClientSession lender(String id) {
    return new LentByClient(sessions.await(id, PATIENCE), folders, contexts, images, caches);
  }
}
