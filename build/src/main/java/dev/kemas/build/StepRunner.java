package dev.kemas.build;

import dev.kemas.build.files.FileDigests;
import dev.kemas.build.files.SourceTree;
import dev.kemas.build.plan.Operation;
import dev.kemas.build.plan.Vertex;
import dev.kemas.dockerfile.Mount;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Finds or makes what one operation leads to. Nothing is mounted, unpacked or fetched for an
 * operation whose result is known. Safe for several threads.
 */
final class StepRunner {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 32;

  /**
   * What came out.
   *
   * @param cached whether it was known
   */
  record Outcome(Digest key, CacheIndex.Entry entry, boolean cached) {}

  /** Tells of a step; the number is the caller's to add. */
  interface Teller {
    void running(String containerId);

    void output(boolean stderr, String text);

    void removed(String containerId);

    void failed(int code, String message);
  }

  private final BuildServices services;
  private final Workspaces.Held workspaces;
  private final BuildRequest request;
  private final ContextFiles context;
  private final TransferRunner transfers;
  private final Keys keys;
  private final Cancellation cancelled;
  private final Semaphore busy =
      new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()));
  private final Map<Digest, Boolean> unpacked = new ConcurrentHashMap<>();

  StepRunner(
      BuildServices services,
      Workspaces.Held workspaces,
      BuildRequest request,
      ContextFiles context,
      Downloads downloads,
      Keys keys,
      Cancellation cancelled) {
    this.services = services;
    this.workspaces = workspaces;
    this.request = request;
    this.context = context;
    this.transfers = new TransferRunner(services, downloads);
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
      case Operation.Run run -> {
        Digest key = key(run, layered(inputs), Optional.empty());
        yield known(key, fresh)
            .orElseGet(() -> made(List.of(key), parent, root -> run(run, root, teller)));
      }
      case Operation.MakeDirectory make -> {
        Digest key = key(make, List.of(parent), Optional.empty());
        yield known(key, fresh)
            .orElseGet(
                () -> made(List.of(key), parent, untouched(root -> transfers.run(make, root))));
      }
      case Operation.Transfer transfer ->
          switch (inputs.size() == 1 ? new LocalFiles(ContextFiles.MAIN) : inputs.get(1)) {
            case LocalFiles local -> fromContext(transfer, parent, local, fresh);
            case FileSystem source -> fromInput(transfer, parent, source, fresh);
          };
      case Operation.Base base -> throw new Fault.Internal("a base is no step to run");
      case Operation.Local local -> throw new Fault.Internal("files are no step to run");
    };
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
    return keys.operation(operation, inputs.stream().map(FileSystem::chainId).toList(), content);
  }

  private Optional<Outcome> known(Digest key, boolean fresh) {
    if (fresh) {
      return Optional.empty();
    }
    return services
        .cache()
        .find(key)
        .filter(entry -> entry.layer().map(workspaces::has).orElse(true))
        .map(entry -> new Outcome(key, entry, true));
  }

  private Outcome fromContext(
      Operation.Transfer transfer, FileSystem parent, LocalFiles local, boolean fresh) {
    ContextFiles.Opened files = context.get(local.name(), cancelled);
    try (SourceTree tree = files.tree()) {
      Optional<Digest> content = transfers.content(transfer, tree, files.digests(), cancelled);
      Digest key = key(transfer, List.of(parent), content);
      return known(key, fresh)
          .orElseGet(() ->
              made(
                  List.of(key),
                  parent,
                  untouched(root -> transfers.run(transfer, tree, root, cancelled))));
    }
  }

  /**
   * Two keys: one by the input's name, which needs no look at its files; one by the files taken, so
   * that an input made anew with the same files in it changes nothing.
   */
  private Outcome fromInput(
      Operation.Transfer transfer, FileSystem parent, FileSystem source, boolean fresh) {
    Digest byName = key(transfer, List.of(parent, source), Optional.empty());
    Optional<Outcome> found = known(byName, fresh);
    if (found.isPresent()) {
      return found.get();
    }
    unpack(source);
    try (Workspaces.View view = workspaces.view(source.chainId());
        SourceTree tree = SourceTree.fileSystem(view.root())) {
      Optional<Digest> content = transfers.content(transfer, tree, new FileDigests(), cancelled);
      Digest byContent = key(transfer, List.of(parent), content);
      Optional<Outcome> same = known(byContent, fresh);
      if (same.isPresent()) {
        services.cache().put(byName, same.get().entry());
        return same.get();
      }
      return made(
          List.of(byContent, byName),
          parent,
          untouched(root -> transfers.run(transfer, tree, root, cancelled)));
    }
  }

  /** Does the work in a new layer and remembers what came out under each of the keys. */
  private Outcome made(
      List<Digest> under, FileSystem parent, Function<Path, Map<String, Stat>> work) {
    cancelled.check();
    unpack(parent);
    try {
      busy.acquire();
    } catch (InterruptedException e) {
      throw new Fault.Cancelled("interrupted while waiting for other steps");
    }
    try (Workspaces.Workspace workspace = workspaces.begin(parent.chainId())) {
      Map<String, Stat> touched = work.apply(workspace.root());
      cancelled.check();
      CacheIndex.Entry entry =
          new CacheIndex.Entry(workspace.commit(touched), services.clock().instant());
      under.forEach(key -> services.cache().put(key, entry));
      return new Outcome(under.getFirst(), entry, false);
    } finally {
      busy.release();
    }
  }

  /** A base is unpacked when something is first done upon it. */
  private void unpack(FileSystem fileSystem) {
    if (fileSystem.isBase()) {
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
  }

  /** Work that touches nothing but what it is meant to change. */
  private static Function<Path, Map<String, Stat>> untouched(Consumer<Path> work) {
    return root -> {
      work.accept(root);
      return Map.of();
    };
  }

  private Map<String, Stat> run(Operation.Run run, Path root, Teller teller) {
    if (!run.devices().isEmpty()) {
      throw new Fault.Unsupported(
          "RUN --device is not supported (%s); remove the flag"
              .formatted(run.devices().getFirst().name()));
    }
    byte[] random = new byte[ID_BYTES];
    RANDOM.nextBytes(random);
    String id = HexFormat.of().formatHex(random);
    List<String> env = new ArrayList<>(run.env());
    env.addAll(run.quietEnv());
    Executor.Command command =
        new Executor.Command(
            id,
            run.args(),
            run.script(),
            env,
            run.cwd(),
            run.user(),
            run.network(),
            run.mounts().stream().map(StepRunner::target).toList(),
            request.steps().extraHosts(),
            request.steps().resources(),
            request.steps().shmSize());
    OutputText out = new OutputText();
    OutputText err = new OutputText();
    Executor.Output output =
        (stderr, bytes, offset, length) ->
            teller.output(stderr, (stderr ? err : out).decode(bytes, offset, length));
    Executor.Ended ended =
        services.executor().run(command, root, output, teller::running, cancelled);
    int code = ended.code();
    teller.removed(id);
    if (code != 0) {
      String message =
          "The command '%s' returned a non-zero code: %d"
              .formatted(String.join(" ", run.args()), code);
      teller.failed(code, message);
      throw new Fault.InvalidArgument(message);
    }
    return ended.touched();
  }

  private static String target(Mount mount) {
    if (mount instanceof Mount.Tmpfs tmpfs) {
      return tmpfs.target();
    }
    throw new Fault.Unsupported(
        "RUN --mount is not supported but for type=tmpfs; remove the flag (%s)".formatted(mount));
  }
}
