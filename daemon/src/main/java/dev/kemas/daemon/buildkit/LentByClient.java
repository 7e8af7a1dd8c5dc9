package dev.kemas.daemon.buildkit;

import dev.kemas.archive.TarExtractor;
import dev.kemas.build.Attestor;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.CacheSource;
import dev.kemas.build.CacheTarget;
import dev.kemas.build.Cancellation;
import dev.kemas.build.Context;
import dev.kemas.build.Export;
import dev.kemas.build.NamedContext;
import dev.kemas.build.OnFailure;
import dev.kemas.build.Secrets;
import dev.kemas.build.SshAgents;
import dev.kemas.build.cache.BlobPlace;
import dev.kemas.build.cache.CacheAttributes;
import dev.kemas.build.cache.TravellingCaches;
import dev.kemas.build.export.ArchiveExport;
import dev.kemas.build.export.Destination;
import dev.kemas.build.export.ExportOptions;
import dev.kemas.build.export.ImageExports;
import dev.kemas.build.export.TarExport;
import dev.kemas.buildkit.ClientSession;
import dev.kemas.buildkit.LayoutAddress;
import dev.kemas.daemon.build.Contexts;
import dev.kemas.fault.Fault;
import dev.kemas.image.ImageService;
import dev.kemas.session.ClientAgents;
import dev.kemas.session.ClientContent;
import dev.kemas.session.ClientExports;
import dev.kemas.session.ClientFiles;
import dev.kemas.session.ClientLogins;
import dev.kemas.session.ClientSecrets;
import dev.kemas.session.ClientStore;
import dev.kemas.session.ClientUpload;
import dev.kemas.session.Session;
import dev.kemas.synced.folder.SyncedFolders;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a client lends to one build, through its session. */
final class LentByClient implements ClientSession {
  private final Session session;
  private final SyncedFolders folders;
  private final Contexts contexts;
  private final ImageService images;
  private final TravellingCaches caches;
  private final Map<String, Context> known = new ConcurrentHashMap<>();
  private final Queue<AutoCloseable> held = new ConcurrentLinkedQueue<>();

  LentByClient(
      Session session,
      SyncedFolders folders,
      Contexts contexts,
      ImageService images,
      TravellingCaches caches) {
    this.caches = caches;
    this.session = session;
    this.folders = folders;
    this.contexts = contexts;
    this.images = images;
  }

  @Override
  public Context folder(String name) {
    return known.computeIfAbsent(
        "folder " + name, _ -> new ClientContext(new ClientFiles(session), folders, name, held));
  }

  @Override
  public BuildRequest.Caches caches(List<Map<String, String>> from, List<Map<String, String>> to) {
    return new BuildRequest.Caches(
        from.stream().map(said -> source(new CacheAttributes(said))).toList(),
        to.stream().map(said -> target(new CacheAttributes(said))).toList());
  }

  /** What cannot be looked in is warned of when the build looks. */
  private CacheSource source(CacheAttributes said) {
    return switch (said.type()) {
      case "registry" -> caches.source(said);
      case "local" -> caches.source(said, blobs("local:" + said.byName().get("src")));
      default -> new Unread(said.type());
    };
  }

  private record Unread(String type) implements CacheSource {
    @Override
    public String title() {
      return "importing cache manifest from " + type;
    }

    @Override
    public Imported open(BuildRequest.Logins logins, Cancellation cancelled) {
      throw new Fault.Unsupported(
          "a cache of type=%s is not read: use type=registry or type=local".formatted(type));
    }
  }

  private CacheTarget target(CacheAttributes said) {
    return said.type().equals("local")
        ? caches.target(said, blobs("local:" + said.byName().get("dest")))
        : caches.target(said);
  }

  private BlobPlace blobs(String store) {
    return new ClientBlobs(new ClientContent(session, store));
  }

  @Override
  public NamedContext.Origin layout(LayoutAddress address) {
    return new LayoutImage(
        new ClientContent(session, "oci:" + address.store()), address.manifest(), images);
  }

  @Override
  public Context upload(String address) {
    return known.computeIfAbsent("upload " + address, _ -> unpacked(address));
  }

  private Context unpacked(String address) {
    Contexts.Folder folder = contexts.make();
    held.add(folder);
    try (InputStream archive = new ClientUpload(session).open(URI.create(address))) {
      new TarExtractor(TarExtractor.Options.context(contexts.limits()))
          .extract(archive, folder.path(), "");
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "the context that the client sends cannot be read: " + e.getMessage(), e);
    }
    return Context.ownFolder(folder.path());
  }

  @Override
  public BuildRequest.Access access() {
    ClientAgents agents = new ClientAgents(session);
    SshAgents forwarded = (id, socket) -> agents.forward(id, socket).map(agent -> agent::close);
    Secrets secrets = new ClientSecrets(session)::find;
    return new BuildRequest.Access(new ClientLogins(session)::find, secrets, forwarded);
  }

  @Override
  public List<Export> exports(
      String type, Map<String, String> attributes, int number, Attestor attestor) {
    ClientExports places = new ClientExports(session);
    Destination stream = () -> places.archive(Map.of(), number);
    return switch (ExportOptions.parse(type, attributes)) {
      case ExportOptions.Image image -> ImageExports.of(image, attestor, images, access().logins());
      case ExportOptions.Archive archive when archive.tar() ->
          List.of(new ArchiveExport(archive, attestor, images, stream));
      case ExportOptions.Archive archive ->
          List.of(
              new LayoutExport(
                  archive, attestor, images, places, new ClientStore(session, "export"), number));
      case ExportOptions.Files files when files.tar() ->
          List.of(new TarExport(files, attestor, stream));
      case ExportOptions.Files files -> List.of(new FolderExport(files, attestor, places, number));
      case ExportOptions.Nowhere _ -> List.of();
    };
  }

  @Override
  public OnFailure shell(Runnable opening) {
    return new FailureShell(session, opening);
  }

  @Override
  public void whenGone(Runnable action) {
    session.whenGone(action);
  }

  @Override
  public void close() {
    for (AutoCloseable one = held.poll(); one != null; one = held.poll()) {
      try {
        one.close();
      } catch (Exception e) {
        throw new Fault.Internal("what a client lent cannot be given back: " + e, e);
      }
    }
  }
}
