package dev.kemas.build;

import dev.kemas.build.files.FileDigests;
import dev.kemas.build.files.SourceTree;
import dev.kemas.build.plan.Operation;
import dev.kemas.build.plan.Vertex;
import dev.kemas.fault.Fault;
import dev.kemas.image.Layer;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Finds or makes what one operation leads to. Nothing is mounted, unpacked or fetched for an
 * operation whose result is known. Safe for several threads.
 */
final class StepRunner {
  /**
   * What came out.
   *
   * @param cached whether it was known
   * @param facts what decided it besides what the plan knows, by the names of {@link
   *     dev.kemas.build.plan.Facts}
   */
  record Outcome(
      Digest key, CacheIndex.Entry entry, boolean cached, SortedMap<String, Digest> facts) {
    Outcome with(SortedMap<String, Digest> more) {
      return new Outcome(key, entry, cached, more);
    }
  }

  /** Tells of a step; the number is the caller's to add. */
  interface Teller {
    void running(String containerId);

    void output(boolean stderr, String text);

    void removed(String containerId);

    void failed(int code, String message);

    /** The step has failed, though it is looked at for a while: others need not go on. */
    void over(RuntimeException cause);
  }

  private final BuildServices services;
  private final Workspaces.Held workspaces;
  private final ContextFiles context;
  private final TransferRunner transfers;
  private final Optional<Instant> latest;
  private final boolean showsFailures;
  private final RunSteps runs;
  private final Keys keys;
  private final Cancellation cancelled;
  private final SharedWork shared;
  private final BuildIndex index;
  private final Map<Digest, Boolean> unpacked = new ConcurrentHashMap<>();

  StepRunner(
      BuildServices services,
      Workspaces.Held workspaces,
      BuildRequest request,
      ContextFiles context,
      Downloads downloads,
      MountExchange mounts,
      Keys keys,
      SharedWork shared,
      BuildIndex index,
      Cancellation cancelled) {
    this.index = index;
    this.shared = shared;
    this.services = services;
    this.workspaces = workspaces;
    this.context = context;
    this.transfers = new TransferRunner(services, downloads, request);
    this.latest = request.epoch();
    this.showsFailures = request.showsFailures();
    this.runs =
        new RunSteps(services, workspaces, request, context, mounts, this::unpack, cancelled);
    this.keys = keys;
    this.cancelled = cancelled;
  }

  /**
   * Does what a vertex says.
   *
   * @param inputs the first is what is built upon
   * @param fresh whether it is done anew even when its result is known
   */
  Outcome run(Vertex vertex, List<StepInput> inputs, boolean fresh, Teller teller) {
    FileSystem parent = parent(inputs);
    return switch (vertex.operation()) {
      case Operation.Run run -> run(run, parent, inputs, fresh, teller);
      case Operation.MakeDirectory make -> {
        Digest key = key(make, List.of(parent), Optional.empty());
        yield known(key, fresh)
            .orElseGet(() ->
                made(
                    List.of(key),
                    parent,
                    fresh,
                    teller,
                    untouched((files, lane) -> transfers.run(make, files.root()))));
      }
      case Operation.Transfer transfer ->
          isIndependent(transfer)
              ? above(
                  parent,
                  transfer(transfer, FileSystem.of(Optional.empty()), inputs, fresh, teller))
              : transfer(transfer, parent, inputs, fresh, teller);
      case Operation.Base base -> throw new Fault.Internal("a base is no step to run");
      case Operation.Local local -> throw new Fault.Internal("files are no step to run");
    };
  }

  private Outcome transfer(
      Operation.Transfer transfer,
      FileSystem parent,
      List<StepInput> inputs,
      boolean fresh,
      Teller teller) {
    return switch (inputs.size() == 1 ? new LocalFiles(ContextFiles.MAIN) : inputs.get(1)) {
      case LocalFiles local -> fromContext(transfer, parent, local, fresh, teller);
      case FileSystem source -> fromInput(transfer, parent, source, fresh, teller);
    };
  }

  /** Whether the result is the same above any file system; a user's name is looked up in one. */
  private static boolean isIndependent(Operation.Transfer transfer) {
    return transfer.link() && transfer.chown().matches("[0-9]*(:[0-9]+)?");
  }

  /** A layer that was made upon nothing, above what it is to lie upon. */
  private Outcome above(FileSystem parent, Outcome outcome) {
    if (outcome.entry().layer().isEmpty() || parent.chainId().isEmpty()) {
      return outcome;
    }
    unpack(parent);
    Layer layer = workspaces.above(outcome.entry().layer().get(), parent.chainId());
    return new Outcome(
        outcome.key(),
        new CacheIndex.Entry(Optional.of(layer), outcome.entry().created()),
        outcome.cached(),
        outcome.facts());
  }

  /**
   * Keys as in {@link #fromInput}: by the names of what is mounted, and by the content of that part
   * of it.
   */
  private Outcome run(
      Operation.Run run, FileSystem parent, List<StepInput> inputs, boolean fresh, Teller teller) {
    runs.check(run);
    SortedMap<String, Digest> facts = new TreeMap<>();
    List<FileSystem> named = layered(inputs);
    Digest byName = key(run, named, runs.ofClient(run, inputs, facts));
    Optional<Outcome> found = known(byName, fresh);
    if (found.isPresent()) {
      return found.get().with(facts);
    }
    List<Digest> under = new ArrayList<>(List.of(byName));
    if (named.size() > 1) {
      Optional<Digest> content = runs.ofAll(run, inputs);
      if (content.isPresent()) {
        Digest byContent = key(run, List.of(parent), content);
        Optional<Outcome> same = known(byContent, fresh);
        if (same.isPresent()) {
          services.cache().put(byName, same.get().entry().sameAs(same.get().key()));
          return same.get().with(facts);
        }
        under.addFirst(byContent);
      }
    }
    return made(
            under,
            parent,
            fresh,
            teller,
            (files, lane) -> runs.run(run, inputs, files.root(), lane))
        .with(facts);
  }

  private static FileSystem parent(List<StepInput> inputs) {
    if (inputs.getFirst() instanceof FileSystem parent) {
      return parent;
    }
    throw new Fault.Internal("nothing can be built upon files");
  }

  private static List<FileSystem> layered(List<StepInput> inputs) {
    List<FileSystem> layered = new ArrayList<>();
    for (StepInput input : inputs) {
      if (input instanceof FileSystem files) {
        layered.add(files);
      }
    }
    return layered;
  }

  private Digest key(Operation operation, List<FileSystem> inputs, Optional<Digest> content) {
    // the same files of another time are other files
    Optional<Digest> dated =
        latest.isEmpty()
            ? content
            : Optional.of(
                Digest.of(
                    (content + " no later than " + latest.get()).getBytes(StandardCharsets.UTF_8)));
    return keys.operation(operation, inputs.stream().map(FileSystem::chainId).toList(), dated);
  }

  private Optional<Outcome> known(Digest key, boolean fresh) {
    if (fresh) {
      return Optional.empty();
    }
    return services
        .cache()
        .find(key)
        .map(entry -> new Outcome(entry.same().orElse(key), entry, true, new TreeMap<>()));
  }

  private Outcome fromContext(
      Operation.Transfer transfer,
      FileSystem parent,
      LocalFiles local,
      boolean fresh,
      Teller teller) {
    ContextFiles.Opened files = context.get(local.name(), cancelled);
    SortedMap<String, Digest> facts = new TreeMap<>();
    try (SourceTree tree = files.tree()) {
      Optional<Digest> content =
          transfers.content(transfer, tree, files.digests(), facts, cancelled);
      Digest key = key(transfer, List.of(parent), content);
      return known(key, fresh)
          .orElseGet(() ->
              made(
                  List.of(key),
                  parent,
                  fresh,
                  teller,
                  untouched((into, lane) -> transfers.run(transfer, tree, into, lane.cancelled()))))
          .with(facts);
    }
  }

  /**
   * Two keys: one by the input's name, which needs no look at its files; one by the files taken, so
   * that an input made anew with the same files in it changes nothing.
   */
  private Outcome fromInput(
      Operation.Transfer transfer,
      FileSystem parent,
      FileSystem source,
      boolean fresh,
      Teller teller) {
    Digest byName = key(transfer, List.of(parent, source), Optional.empty());
    Optional<Outcome> found = known(byName, fresh);
    if (found.isPresent()) {
      return found.get();
    }
    unpack(source);
    try (Workspaces.View view = workspaces.view(source.chainId());
        SourceTree tree = SourceTree.fileSystem(view.root())) {
      Optional<Digest> content =
          transfers.content(transfer, tree, new FileDigests(), new TreeMap<>(), cancelled);
      Digest byContent = key(transfer, List.of(parent), content);
      Optional<Outcome> same = known(byContent, fresh);
      if (same.isPresent()) {
        services.cache().put(byName, same.get().entry().sameAs(same.get().key()));
        return same.get();
      }
      return made(
          List.of(byContent, byName),
          parent,
          fresh,
          teller,
          untouched((into, lane) -> transfers.run(transfer, tree, into, lane.cancelled())));
    }
  }

  /** Changes a file system; tells of folders that it only passed through. */
  private interface Work {
    Map<String, Stat> apply(Workspaces.Workspace files, SharedWork.Lane lane);
  }

  /**
   * Does the work in a new layer and remembers what came out under each of the keys. What is to be
   * done anew is not shared with a build that may have begun before; nor what is looked at when it
   * fails, for which nobody else need wait.
   */
  private Outcome made(
      List<Digest> under, FileSystem parent, boolean fresh, Teller teller, Work work) {
    cancelled.check();
    unpack(parent);
    Digest key = under.getFirst();
    Function<SharedWork.Lane, Outcome> making = lane -> made(under, parent, lane, work);
    return fresh || showsFailures
        ? shared.alone(teller, cancelled, making)
        : shared.run(key, teller, cancelled, () -> known(key, false), making);
  }

  private Outcome made(List<Digest> under, FileSystem parent, SharedWork.Lane lane, Work work) {
    try (Workspaces.Workspace workspace = workspaces.begin(parent.chainId())) {
      Map<String, Stat> touched = work.apply(workspace, lane);
      lane.cancelled().check();
      CacheIndex.Entry entry =
          new CacheIndex.Entry(
              workspace.commit(new Workspaces.Finish(touched, latest)), services.clock().instant());
      Digest own = under.getFirst();
      services.cache().put(own, entry);
      under.stream().skip(1).forEach(key -> services.cache().put(key, entry.sameAs(own)));
      return new Outcome(under.getFirst(), entry, false, new TreeMap<>());
    }
  }

  /** Has all layers of a result here, those too that another machine made. */
  void bring(FileSystem fileSystem) {
    if (index.isElsewhere(fileSystem)) {
      unpack(fileSystem);
    }
  }

  /** A base is unpacked, and what another machine made comes, when something is done upon it. */
  private void unpack(FileSystem fileSystem) {
    boolean elsewhere = index.isElsewhere(fileSystem);
    if (fileSystem.isBase() || elsewhere) {
      fileSystem
          .base()
          .ifPresent(image ->
              unpacked.computeIfAbsent(
                  image.id(),
                  id -> {
                    workspaces.unpack(image);
                    return true;
                  }));
    }
    if (elsewhere) {
      index.bring(fileSystem);
    }
  }

  /** Work that touches nothing but what it is meant to change. */
  private static Work untouched(BiConsumer<Workspaces.Workspace, SharedWork.Lane> work) {
    return (files, lane) -> {
      work.accept(files, lane);
      return Map.of();
    };
  }
}
