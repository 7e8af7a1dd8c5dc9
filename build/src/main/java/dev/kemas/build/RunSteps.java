package dev.kemas.build;

import dev.kemas.build.files.FileDigests;
import dev.kemas.build.files.SelectionDigest;
import dev.kemas.build.files.SourceTree;
import dev.kemas.build.plan.Operation;
import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.dockerfile.Mount;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Does what RUN says: its process, with what is lent to it. Safe for several threads. */
final class RunSteps {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 32;

  private final BuildServices services;
  private final Workspaces.Held workspaces;
  private final BuildRequest request;
  private final ContextFiles context;
  private final MountExchange mounts;
  private final Consumer<FileSystem> unpack;
  private final Cancellation cancelled;

  /**
   * @param unpack makes a file system ready to be looked at
   */
  RunSteps(
      BuildServices services,
      Workspaces.Held workspaces,
      BuildRequest request,
      ContextFiles context,
      MountExchange mounts,
      Consumer<FileSystem> unpack,
      Cancellation cancelled) {
    this.services = services;
    this.workspaces = workspaces;
    this.request = request;
    this.context = context;
    this.mounts = mounts;
    this.unpack = unpack;
    this.cancelled = cancelled;
  }

  /**
   * Checks that the client allows what the RUN asks for.
   *
   * @throws Fault.Forbidden with what to say to the build
   */
  void check(Operation.Run run) {
    boolean asked = run.network().equals("host") && !request.steps().network().equals("host");
    require(asked, BuildRequest.Entitlement.NETWORK_HOST, "network.host");
    require(run.insecure(), BuildRequest.Entitlement.SECURITY_INSECURE, "security.insecure");
    require(!run.devices().isEmpty(), BuildRequest.Entitlement.DEVICE, "device");
  }

  private void require(boolean asked, BuildRequest.Entitlement needed, String name) {
    if (asked && !request.steps().entitlements().contains(needed)) {
      throw new Fault.Forbidden(
          "%s is not allowed: a RUN may ask for it only where the build is given --allow %s"
              .formatted(name, name));
    }
  }

  /**
   * A digest of what is mounted of the client's files; empty when none are.
   *
   * @param facts gets each file by its own name and digest
   */
  Optional<Digest> ofClient(
      Operation.Run run, List<StepInput> inputs, SortedMap<String, Digest> facts) {
    return content(run, inputs, false, facts);
  }

  /**
   * A digest of all that is mounted from elsewhere, by its content; empty where that would have to
   * be read whole, for the name of a file system says as much.
   */
  Optional<Digest> ofAll(Operation.Run run, List<StepInput> inputs) {
    for (Mount mount : run.mounts()) {
      if (mount.from().isPresent()
          && input(run, mount, inputs) instanceof FileSystem
          && !(mount instanceof Mount.Bind && !mount.source().equals("/"))) {
        return Optional.empty();
      }
    }
    return content(run, inputs, true, new TreeMap<>());
  }

  private Optional<Digest> content(
      Operation.Run run, List<StepInput> inputs, boolean layered, SortedMap<String, Digest> facts) {
    StringBuilder parts = new StringBuilder();
    for (Mount mount : run.mounts()) {
      boolean taken = mount instanceof Mount.Bind || mount.from().isPresent();
      if (taken && (layered || input(run, mount, inputs) instanceof LocalFiles)) {
        cancelled.check();
        try (RunMounts.Source source = source(run, mount, inputs, cancelled);
            SourceTree tree = source.tree()) {
          parts
              .append(
                  SelectionDigest.of(
                      tree,
                      tree.select(RunMounts.escaped(mount.source())),
                      IgnoreFile.NONE,
                      source.digests(),
                      TransferRunner.listed(facts)))
              .append('\n');
        }
      }
    }
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(Digest.of(parts.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** Where a mount is from: the vertex has an input for each that is from something. */
  private static StepInput input(Operation.Run run, Mount mount, List<StepInput> inputs) {
    if (mount.from().isEmpty()) {
      return new LocalFiles(ContextFiles.MAIN);
    }
    int position = 0;
    for (Mount other : run.mounts()) {
      if (other.equals(mount)) {
        break;
      }
      position += other.from().isPresent() ? 1 : 0;
    }
    return inputs.get(position + 1);
  }

  private RunMounts.Source source(
      Operation.Run run, Mount mount, List<StepInput> inputs, Cancellation cancelled) {
    return switch (input(run, mount, inputs)) {
      case LocalFiles local -> new ClientFiles(context.get(local.name(), cancelled));
      case FileSystem layers -> {
        unpack.accept(layers);
        yield new Layered(workspaces.view(layers.chainId()), layers.chainId());
      }
    };
  }

  /** Files of the client. */
  private record ClientFiles(ContextFiles.Opened files) implements RunMounts.Source {
    @Override
    public Path root() {
      return files.files().root();
    }

    @Override
    public SourceTree tree() {
      return files.tree();
    }

    @Override
    public boolean isFiltered() {
      try (SourceTree tree = files.tree()) {
        return tree.leavesOut();
      }
    }

    @Override
    public Optional<Digest> name() {
      return Optional.empty();
    }

    @Override
    public FileDigests digests() {
      return files.digests();
    }

    @Override
    public void close() {
      // the context outlives the step
    }
  }

  /** A file system in layers. */
  private record Layered(Workspaces.View view, Optional<Digest> name) implements RunMounts.Source {
    @Override
    public Path root() {
      return view.root();
    }

    @Override
    public SourceTree tree() {
      return SourceTree.fileSystem(view.root());
    }

    @Override
    public boolean isFiltered() {
      return false;
    }

    @Override
    public FileDigests digests() {
      return new FileDigests();
    }

    @Override
    public void close() {
      view.close();
    }
  }

  /**
   * Runs the process.
   *
   * @return the directories that were written in for its sake, see {@link Executor.Ended}
   * @throws Fault.InvalidArgument when it failed
   */
  Map<String, Stat> run(
      Operation.Run run, List<StepInput> inputs, Path root, SharedWork.Lane lane) {
    StepRunner.Teller teller = lane.teller();
    String id = fresh();
    Executor.Ended ended;
    try (RunMounts lent =
        new RunMounts(
            services.steps(),
            id,
            request.access(),
            mount -> source(run, mount, inputs, lane.cancelled()),
            () -> workspaces.begin(Optional.empty()),
            mounts::restore,
            lane.cancelled())) {
      lent.prepare(run.mounts());
      Executor.Command command = command(id, run, lent);
      ended =
          services.executor().run(command, root, output(teller), teller::running, lane.cancelled());
      if (ended.code() != 0 && request.showsFailures()) {
        teller.failed(ended.code(), message(run, ended));
        teller.over(new Fault.InvalidArgument(message(run, ended)));
        lane.idle(() -> show(run, command, root, ended.code()));
      }
    }
    teller.removed(id);
    if (ended.code() != 0) {
      if (!request.showsFailures()) {
        teller.failed(ended.code(), message(run, ended));
      }
      throw new Fault.InvalidArgument(message(run, ended));
    }
    return ended.touched();
  }

  private static String message(Operation.Run run, Executor.Ended ended) {
    return "The command '%s' returned a non-zero code: %d"
        .formatted(String.join(" ", run.args()), ended.code());
  }

  private void show(Operation.Run run, Executor.Command command, Path root, int code) {
    OnFailure.Rerun rerun =
        (args, output, cancelling) ->
            services
                .executor()
                .run(again(command, args), root, output, running -> {}, cancelling)
                .code();
    request.onFailure().failed(new OnFailure.FailedStep(command, root, code, run.shell(), rerun));
  }

  private static String fresh() {
    byte[] random = new byte[ID_BYTES];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private static Executor.Command again(Executor.Command failed, List<String> args) {
    return new Executor.Command(
        fresh(),
        args,
        Optional.empty(),
        failed.env(),
        failed.cwd(),
        failed.user(),
        failed.network(),
        failed.lent(),
        failed.extraHosts(),
        failed.resources(),
        failed.shmSize(),
        failed.rights());
  }

  private Executor.Command command(String id, Operation.Run run, RunMounts mounts) {
    List<String> env = new ArrayList<>(run.env());
    env.addAll(run.quietEnv());
    env.addAll(mounts.env());
    return new Executor.Command(
        id,
        run.args(),
        run.script(),
        env,
        run.cwd(),
        run.user(),
        run.network(),
        mounts.lent(),
        request.steps().extraHosts(),
        request.steps().resources(),
        request.steps().shmSize(),
        new Executor.Rights(
            run.insecure(), services.steps().devices().find(run.devices()), mounts.secretEnv()));
  }

  private static Executor.Output output(StepRunner.Teller teller) {
    OutputText out = new OutputText();
    OutputText err = new OutputText();
    return (stderr, bytes, offset, length) ->
        teller.output(stderr, (stderr ? err : out).decode(bytes, offset, length));
  }
}
