package dev.kemas.build;

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
    this.transfers = new TransferRunner(services, context.digests(), downloads);
    this.keys = keys;
    this.cancelled = cancelled;
  }

  Outcome run(Vertex vertex, List<FileSystem> inputs, Teller teller) {
    return switch (vertex.operation()) {
      case Operation.Run run -> {
        Digest key = key(run, inputs, Optional.empty());
        yield known(key)
            .orElseGet(() -> made(List.of(key), inputs, root -> run(run, root, teller)));
      }
      case Operation.MakeDirectory make -> {
        Digest key = key(make, inputs, Optional.empty());
        yield known(key)
            .orElseGet(
                () -> made(List.of(key), inputs, untouched(root -> transfers.run(make, root))));
      }
      case Operation.Transfer transfer ->
          inputs.size() == 1 ? fromContext(transfer, inputs) : fromInput(transfer, inputs);
      case Operation.Base base -> throw new Fault.Internal("a base is no step to run");
    };
  }

  private Digest key(Operation operation, List<FileSystem> inputs, Optional<Digest> content) {
    return keys.operation(operation, inputs.stream().map(FileSystem::chainId).toList(), content);
  }

  private Optional<Outcome> known(Digest key) {
    if (request.noCache()) {
      return Optional.empty();
    }
    return services
        .cache()
        .find(key)
        .filter(entry -> entry.layer().map(workspaces::has).orElse(true))
        .map(entry -> new Outcome(key, entry, true));
  }

  private Outcome fromContext(Operation.Transfer transfer, List<FileSystem> inputs) {
    try (SourceTree tree = context.tree()) {
      Digest key = key(transfer, inputs, transfers.content(transfer, tree, cancelled));
      return known(key)
          .orElseGet(() ->
              made(
                  List.of(key),
                  inputs,
                  untouched(root -> transfers.run(transfer, tree, root, cancelled))));
    }
  }

  /**
   * Two keys: one by the input's name, which needs no look at its files; one by the files taken, so
   * that an input made anew with the same files in it changes nothing.
   */
  private Outcome fromInput(Operation.Transfer transfer, List<FileSystem> inputs) {
    Digest byName = key(transfer, inputs, Optional.empty());
    Optional<Outcome> found = known(byName);
    if (found.isPresent()) {
      return found.get();
    }
    FileSystem source = inputs.get(1);
    unpack(source);
    try (Workspaces.View view = workspaces.view(source.chainId());
        SourceTree tree = SourceTree.fileSystem(view.root())) {
      Optional<Digest> content = transfers.content(transfer, tree, cancelled);
      Digest byContent = key(transfer, inputs.subList(0, 1), content);
      Optional<Outcome> same = known(byContent);
      if (same.isPresent()) {
        services.cache().put(byName, same.get().entry());
        return same.get();
      }
      return made(
          List.of(byContent, byName),
          inputs,
          untouched(root -> transfers.run(transfer, tree, root, cancelled)));
    }
  }

  /** Does the work in a new layer and remembers what came out under each of the keys. */
  private Outcome made(
      List<Digest> under, List<FileSystem> inputs, Function<Path, Map<String, Stat>> work) {
    cancelled.check();
    FileSystem parent = inputs.getFirst();
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
            request.extraHosts(),
            request.resources(),
            request.shmSize());
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
