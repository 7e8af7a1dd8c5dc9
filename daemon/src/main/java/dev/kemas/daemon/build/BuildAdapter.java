package dev.kemas.daemon.build;

import dev.kemas.api.ProgressMessage;
import dev.kemas.api.PruneReport;
import dev.kemas.api.server.BuildBackend;
import dev.kemas.api.server.Progress;
import dev.kemas.archive.TarExtractor;
import dev.kemas.build.BuildEvent;
import dev.kemas.build.BuildProgress;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.BuildResult;
import dev.kemas.build.Builder;
import dev.kemas.build.Cancellation;
import dev.kemas.build.ClassicOrder;
import dev.kemas.build.ClassicText;
import dev.kemas.build.Context;
import dev.kemas.build.OnFailure;
import dev.kemas.build.RemoteContexts;
import dev.kemas.build.cache.BuildCache;
import dev.kemas.build.cache.CacheFilter;
import dev.kemas.build.cache.CacheLimits;
import dev.kemas.build.cache.CacheRecord;
import dev.kemas.build.cache.CacheRule;
import dev.kemas.build.cache.TravellingCaches;
import dev.kemas.buildkit.ClientSession;
import dev.kemas.buildkit.ClientSessions;
import dev.kemas.daemon.image.ProgressRecords;
import dev.kemas.fault.Fault;
import dev.kemas.image.ImageService;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/** The classic build: the context unpacked, the builder's events as lines. */
public final class BuildAdapter implements BuildBackend {
  private static final int NONE = -1;
  private final Builder builder;
  private final Contexts contexts;
  private final ClientSessions sessions;
  private final BuildCache cache;
  private final TravellingCaches caches;
  private final ImageService images;

  /**
   * @param contexts where contexts are unpacked
   * @param sessions of clients that lend something to their builds
   * @param caches of other machines
   * @param images where results go
   */
  public BuildAdapter(
      Builder builder,
      Contexts contexts,
      ClientSessions sessions,
      BuildCache cache,
      TravellingCaches caches,
      ImageService images) {
    this.images = images;
    this.builder = builder;
    this.contexts = contexts;
    this.sessions = sessions;
    this.cache = cache;
    this.caches = caches;
  }

  @Override
  public void build(Request request, InputStream body, Progress progress) throws IOException {
    Cancellation cancelled = new Cancellation();
    if (request.more().session().isEmpty()) {
      build(request, body, progress, cancelled, Lent.NONE);
      return;
    }
    try (ClientSession session = sessions.get(request.more().session())) {
      session.whenGone(() -> cancelled.cancel("the client went away"));
      build(request, body, progress, cancelled, Lent.of(session));
    }
  }

  private void build(
      Request request, InputStream body, Progress progress, Cancellation cancelled, Lent lent)
      throws IOException {
    try (RemoteContexts remotes = builder.remoteContexts(Wanted.access(request, lent), cancelled)) {
      Wanted wanted =
          new Wanted(
              request,
              lent,
              remotes,
              new Caches(caches, lent),
              images,
              onFailure(request, lent, progress));
      if (!request.remote().isEmpty()) {
        remote(wanted, body, progress, cancelled);
      } else if (request.more().lent()) {
        body.transferTo(OutputStream.nullOutputStream());
        Context dockerfile = lent.folder("dockerfile");
        answer(
            request,
            wanted.of(lent.folder("context")).withDockerfile(dockerfile, request.dockerfile()),
            progress,
            cancelled);
      } else {
        try (Contexts.Folder folder = unpacked(body)) {
          answer(request, wanted.of(Context.ownFolder(folder.path())), progress, cancelled);
        }
      }
    }
  }

  private void remote(Wanted wanted, InputStream body, Progress progress, Cancellation cancelled)
      throws IOException {
    Request request = wanted.request();
    Context context = wanted.remote();
    if (!request.more().dockerfileInBody()) {
      body.transferTo(OutputStream.nullOutputStream());
      answer(request, wanted.of(context), progress, cancelled);
      return;
    }
    try (Contexts.Folder folder = unpacked(body)) {
      Context dockerfile = Context.folder(folder.path());
      answer(
          request,
          wanted.of(context).withDockerfile(dockerfile, request.dockerfile()),
          progress,
          cancelled);
    }
  }

  private Contexts.Folder unpacked(InputStream archive) throws IOException {
    Contexts.Folder folder = contexts.make();
    try {
      new TarExtractor(TarExtractor.Options.context(contexts.limits()))
          .extract(archive, folder.path(), "");
      archive.transferTo(OutputStream.nullOutputStream());
      return folder;
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private void answer(
      Request request, BuildRequest wanted, Progress progress, Cancellation cancelled) {
    progress.onCancel(() -> cancelled.cancel("the client went away"));
    if (request.more().question().isEmpty()) {
      run(request, wanted, progress, cancelled);
    } else {
      progress.send(Told.answer(request.more().question(), builder.ask(wanted)));
    }
  }

  private static OnFailure onFailure(Request request, Lent lent, Progress progress) {
    return switch (request.more().onError()) {
      case "" -> OnFailure.NOTHING;
      // the client shows what came until then before it hands its terminal over
      case "shell" ->
          lent.shell(
              () -> progress.send(ProgressMessage.told("kemas.shell", Map.of("shell", true))));
      default ->
          throw new Fault.InvalidArgument(
              "invalid onerror \"%s\": want shell".formatted(request.more().onError()));
    };
  }

  private void run(
      Request request, BuildRequest wanted, Progress progress, Cancellation cancelled) {
    AtomicInteger code = new AtomicInteger(NONE);
    Told told = new Told();
    BuildProgress teller =
        event -> {
          if (event instanceof BuildEvent.CommandFailed failed) {
            code.set(failed.code());
          }
          try {
            if (request.more().explained()) {
              explain(event, told, progress);
            }
            tell(event, request.quiet(), progress);
          } catch (Fault.Cancelled e) {
            cancelled.cancel(e.getMessage());
          }
        };
    try {
      BuildResult result = builder.build(wanted, new ClassicOrder(teller), cancelled);
      if (result.told().containsKey("cache.manifest")) {
        progress.send(Told.cache(result.told().getOrDefault("cache.manifest", "")));
      }
      String id = result.told().getOrDefault("containerimage.config.digest", "");
      // clients of ours name their project; Docker's would take it for a message with an id
      if (!request.more().project().isEmpty()) {
        progress.send(ProgressMessage.told("kemas.export", Map.of("exported", result.told())));
      }
      if (request.quiet() && !id.isEmpty()) {
        progress.send(ProgressMessage.stream(id + "\n"));
      }
    } catch (Fault.InvalidArgument e) {
      if (code.get() == NONE) {
        throw e;
      }
      progress.send(ProgressMessage.error(e.getMessage(), OptionalInt.of(code.get())));
    }
  }

  private static void explain(BuildEvent event, Told told, Progress progress) {
    if (event instanceof BuildEvent.Planned planned) {
      told.note(planned);
    } else if (event instanceof BuildEvent.Explained explained) {
      progress.send(told.explained(explained.steps()));
    }
  }

  private static void tell(BuildEvent event, boolean quiet, Progress progress) {
    if (event instanceof BuildEvent.Built built) {
      progress.send(ProgressMessage.image(built.id().toString()));
    }
    if (quiet) {
      return;
    }
    if (event instanceof BuildEvent.Pull pull) {
      ProgressRecords.told(progress).report(pull.event());
    }
    Optional<String> text = ClassicText.of(event);
    text.ifPresent(line -> progress.send(ProgressMessage.stream(line)));
  }

  @Override
  public PruneReport prune(Pruning pruning) {
    CacheFilter.Parsed filters = CacheFilter.parse(pruning.filters().byName());
    BuildCache.Pruned pruned =
        cache.prune(
            new CacheRule(
                pruning.all(),
                filters.unusedFor(),
                filters.filters(),
                new CacheLimits(
                    pruning.reservedSpace(), pruning.maxUsedSpace(), pruning.minFreeSpace())));
    return PruneReport.caches(
        pruned.records().stream().map(CacheRecord::id).toList(), pruned.bytes());
  }
}
