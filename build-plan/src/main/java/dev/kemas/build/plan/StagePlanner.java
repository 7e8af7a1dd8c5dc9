package dev.kemas.build.plan;

import dev.kemas.dockerfile.CommandLine;
import dev.kemas.dockerfile.CopySource;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.Expansion;
import dev.kemas.dockerfile.FileMode;
import dev.kemas.dockerfile.GitAddress;
import dev.kemas.dockerfile.Heredoc;
import dev.kemas.dockerfile.Instruction;
import dev.kemas.dockerfile.Instruction.Add;
import dev.kemas.dockerfile.Instruction.Arg;
import dev.kemas.dockerfile.Instruction.Cmd;
import dev.kemas.dockerfile.Instruction.Copy;
import dev.kemas.dockerfile.Instruction.Entrypoint;
import dev.kemas.dockerfile.Instruction.Env;
import dev.kemas.dockerfile.Instruction.Expose;
import dev.kemas.dockerfile.Instruction.From;
import dev.kemas.dockerfile.Instruction.Healthcheck;
import dev.kemas.dockerfile.Instruction.Label;
import dev.kemas.dockerfile.Instruction.Maintainer;
import dev.kemas.dockerfile.Instruction.OnBuild;
import dev.kemas.dockerfile.Instruction.Pair;
import dev.kemas.dockerfile.Instruction.Run;
import dev.kemas.dockerfile.Instruction.Shell;
import dev.kemas.dockerfile.Instruction.StopSignal;
import dev.kemas.dockerfile.Instruction.Transfer;
import dev.kemas.dockerfile.Instruction.User;
import dev.kemas.dockerfile.Instruction.Variable;
import dev.kemas.dockerfile.Instruction.Volume;
import dev.kemas.dockerfile.Instruction.Workdir;
import dev.kemas.dockerfile.Mount;
import dev.kemas.dockerfile.MountFlag;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Goes through one stage's instructions. One use, one thread. */
final class StagePlanner {
  /** What an instruction may take files from besides the context. */
  interface Inputs {
    /** The file system of the stage or image that {@code --from} names. */
    int from(String name, Instruction asking);
  }

  /** The build argument that keeps a build's caches apart from those of other builds. */
  private static final String CACHE_SPACE = "BUILDKIT_CACHE_MOUNT_NS";

  private final Dockerfile dockerfile;
  private final PlanRequest request;
  private final Graph.Collector graph;
  private final Inputs inputs;
  private final StageState state;
  private final PlanBounds bounds;
  private final VariableFacts variables;
  private final Expansion expansion;
  private final List<Step> steps = new ArrayList<>();

  /** Of the instruction that is being taken over. */
  private Facts facts = new Facts();

  StagePlanner(
      Dockerfile dockerfile,
      PlanRequest request,
      Graph.Collector graph,
      Inputs inputs,
      PlanBounds bounds,
      VariableFacts variables,
      StageState state) {
    this.bounds = bounds;
    this.variables = variables;
    this.dockerfile = dockerfile;
    this.request = request;
    this.graph = graph;
    this.inputs = inputs;
    this.state = state;
    this.expansion = new Expansion(dockerfile.directives().escape());
  }

  List<Step> steps() {
    return steps;
  }

  void begin(From from, Facts known) {
    known.instruction(from);
    known.of(graph.operation(state.vertex), state, variables);
    steps.add(
        new Step(from.text(), from, state.vertex, Step.Kind.BASE, Optional.empty(), known.all()));
  }

  /** Takes one instruction over; what cannot be is blamed on its line. */
  void add(Instruction instruction) {
    add(instruction, instruction);
  }

  /**
   * Takes one instruction over.
   *
   * @param blamed whose line an error names: for a trigger that is the FROM of its base
   */
  void add(Instruction instruction, Instruction blamed) {
    int before = state.vertex;
    facts = new Facts();
    facts.instruction(instruction);
    try {
      dispatch(instruction);
    } catch (Fault.InvalidArgument e) {
      if (e.getMessage().startsWith("dockerfile parse error")) {
        throw e;
      }
      throw dockerfile.blame(blamed, e.getMessage());
    } catch (Fault.Unsupported e) {
      throw new Fault.Unsupported(dockerfile.blame(blamed, e.getMessage()).getMessage(), e);
    }
    HistoryItem.Made made = (HistoryItem.Made) state.history.getLast();
    boolean operation =
        state.vertex != before
            || instruction instanceof Run
            || instruction instanceof Transfer
            || instruction instanceof Workdir;
    steps.add(
        new Step(
            instruction.text(),
            blamed,
            state.vertex,
            operation ? Step.Kind.OPERATION : Step.Kind.METADATA,
            Optional.of(made),
            facts.all()));
  }

  private void dispatch(Instruction instruction) {
    switch (instruction) {
      case Run run -> run(run);
      case Copy copy ->
          transfer(copy, copy.from(), Operation.Transfer.Unpack.NONE, Optional.empty());
      case Add add -> add(add);
      case Workdir workdir -> workdir(workdir);
      case Env env -> env(env);
      case Label label -> label(label);
      case Arg arg -> arg(arg);
      case Expose expose -> expose(expose);
      case Volume volume -> volume(volume);
      case User user -> {
        state.user = word(user.user());
        metadata("USER " + state.user);
      }
      case StopSignal stop -> {
        String signal = word(stop.signal());
        Signals.check(signal);
        state.setStopSignal(signal);
        metadata("STOPSIGNAL " + signal);
      }
      case Shell shell -> {
        state.shell = shell.command();
        metadata("SHELL " + Json.text(shell.command()));
      }
      case Cmd cmd -> {
        state.setCommand(state.inShell(cmd.command()));
        metadata("CMD " + Json.text(state.inShell(cmd.command())));
      }
      case Entrypoint entrypoint -> {
        state.setEntrypoint(state.inShell(entrypoint.command()));
        metadata("ENTRYPOINT " + Json.text(state.inShell(entrypoint.command())));
      }
      case Healthcheck check -> {
        state.setHealthcheck(check);
        metadata(check.text());
      }
      case OnBuild onBuild -> {
        state.onBuild.add(onBuild.trigger());
        metadata("ONBUILD " + onBuild.trigger());
      }
      case Maintainer maintainer -> {
        state.author = maintainer.name();
        metadata("MAINTAINER " + maintainer.name());
      }
      case From from -> throw new Fault.Internal("FROM within a stage");
    }
  }

  private Optional<String> variable(String name) {
    Optional<String> value = state.variable(name);
    facts.variable(name, value, state.environment.value(name).isEmpty());
    return value;
  }

  private String word(String text) {
    return counted(text, expansion.word(text, this::variable));
  }

  private String counted(String text, String expanded) {
    if (!expanded.equals(text)) {
      bounds.text(expanded);
    }
    return expanded;
  }

  private void metadata(String createdBy) {
    bounds.text(createdBy);
    state.history.add(new HistoryItem.Made(createdBy, state.author, OptionalInt.empty()));
  }

  private void operation(Operation operation, List<Integer> from, String createdBy) {
    bounds.text(createdBy);
    state.vertex = graph.add(operation, from);
    facts.of(operation, state, variables);
    state.history.add(new HistoryItem.Made(createdBy, state.author, OptionalInt.of(state.vertex)));
  }

  private void run(Run run) {
    List<Mount> mounts = new ArrayList<>();
    List<Integer> from = new ArrayList<>(List.of(state.vertex));
    for (MountFlag flag : run.mounts()) {
      Mount mount = ours(flag.mount(this::word, state.workingDirectory));
      mounts.add(mount);
      mount.from().ifPresent(name -> from.add(inputs.from(name, run)));
    }
    Map<String, String> arguments = state.arguments.visible();
    List<String> env = new ArrayList<>(state.environment.entries());
    List<String> used = new ArrayList<>();
    arguments.forEach((name, value) -> {
      used.add(name + "=" + value);
      if (state.environment.value(name).isEmpty()) {
        env.add(name + "=" + value);
      }
    });
    List<String> args = state.inShell(run.command());
    Optional<String> script =
        run.command() instanceof CommandLine.Script text
            ? Optional.of(text.text())
            : Optional.empty();
    String network =
        switch (run.network()) {
          case NONE -> "none";
          case HOST -> "host";
          case DEFAULT -> request.network();
        };
    String prefix = used.isEmpty() ? "" : "|" + used.size() + " " + String.join(" ", used) + " ";
    operation(
        new Operation.Run(
            args,
            script,
            env,
            state.arguments.quietProxies(),
            state.workingDirectory,
            state.user,
            network,
            mounts,
            run.insecure(),
            run.devices(),
            List.copyOf(arguments.keySet()),
            state.shell()),
        from,
        "RUN " + prefix + (script.isPresent() ? script.get() : String.join(" ", args)));
  }

  /** With a name space, caches of the same id are different ones. */
  private Mount ours(Mount mount) {
    String space = request.buildArguments().getOrDefault(CACHE_SPACE, "");
    return mount instanceof Mount.Cache cache && !space.isEmpty()
        ? new Mount.Cache(
            space + "/" + cache.id(),
            cache.target(),
            cache.sharing(),
            cache.from(),
            cache.source(),
            cache.readOnly(),
            cache.uid(),
            cache.gid(),
            cache.mode())
        : mount;
  }

  private void add(Add add) {
    Operation.Transfer.Unpack unpack =
        add.unpack()
            .map(all -> all ? Operation.Transfer.Unpack.ALL : Operation.Transfer.Unpack.NONE)
            .orElse(Operation.Transfer.Unpack.LOCAL);
    transfer(
        add,
        Optional.empty(),
        unpack,
        add.checksum().map(this::word).filter(sum -> !sum.isEmpty()));
  }

  private void transfer(
      Transfer transfer,
      Optional<String> from,
      Operation.Transfer.Unpack unpack,
      Optional<String> checksum) {
    String keyword = transfer instanceof Add ? "ADD" : "COPY";
    List<Operation.Source> sources = new ArrayList<>();
    for (CopySource source : transfer.sources()) {
      sources.add(
          switch (source) {
            case CopySource.Inline inline -> inline(inline.heredoc());
            case CopySource.Location location -> location(transfer, word(location.text()));
          });
    }
    String destination = word(transfer.destination());
    if (sources.size() > 1 && !destination.endsWith("/")) {
      throw new Fault.InvalidArgument(
          "When using %s with more than one source file, the destination must be a directory and"
                  .formatted(keyword)
              + " end with a /");
    }
    checksum.ifPresent(sum -> checksum(sum, sources));
    List<Integer> from2 = new ArrayList<>(List.of(state.vertex));
    from.ifPresent(name -> from2.add(inputs.from(word(name), transfer)));
    operation(
        new Operation.Transfer(
            keyword,
            sources,
            Paths.destination(state.workingDirectory, destination),
            transfer.chown().map(this::word).orElse(""),
            transfer.chmod().map(this::word).filter(text -> !text.isEmpty()).map(FileMode::parse),
            transfer.parents(),
            transfer.excludes().stream().map(this::word).toList(),
            unpack,
            sources.stream().anyMatch(Operation.Source.Remote.class::isInstance)
                ? checksum
                : Optional.empty(),
            transfer.link()),
        from2,
        transfer.text());
  }

  private static void checksum(String sum, List<Operation.Source> sources) {
    List<Operation.Source> located =
        sources.stream().filter(s -> !(s instanceof Operation.Source.Inline)).toList();
    if (located.size() != 1) {
      throw new Fault.InvalidArgument("checksum can't be specified for multiple sources");
    }
    switch (located.getFirst()) {
      case Operation.Source.Remote remote -> Digest.parse(sum);
      case Operation.Source.Git git -> {
        // compared with the commit when that is known
      }
      case Operation.Source.Files files ->
          throw new Fault.InvalidArgument("checksum requires HTTP(S) or Git sources");
      case Operation.Source.Inline inline -> throw new Fault.Internal("filtered out");
    }
  }

  private Operation.Source inline(Heredoc heredoc) {
    String content = heredoc.text();
    if (heredoc.expand()) {
      content = counted(content, expansion.document(content, this::variable));
    }
    return new Operation.Source.Inline(heredoc.name(), content);
  }

  private Operation.Source location(Transfer transfer, String path) {
    String keyword = transfer instanceof Add ? "ADD" : "COPY";
    Optional<GitAddress> git = GitAddress.of(path);
    String lower = path.toLowerCase(Locale.ROOT);
    boolean address = lower.startsWith("http://") || lower.startsWith("https://");
    if (!(transfer instanceof Add add)) {
      if (git.isPresent() || address) {
        throw new Fault.InvalidArgument(
            "source can't be a %s for %s".formatted(git.isPresent() ? "git ref" : "URL", keyword));
      }
      return new Operation.Source.Files(path);
    }
    if (git.isPresent()) {
      return new Operation.Source.Git(flagged(add, git.get()));
    }
    return address ? new Operation.Source.Remote(path) : new Operation.Source.Files(path);
  }

  /** The address with what the flags of ADD say in it. */
  private GitAddress flagged(Add add, GitAddress address) {
    Optional<String> checksum = add.checksum().map(this::word).filter(sum -> !sum.isEmpty());
    if (checksum.isPresent() && !checksum.equals(address.checksum().or(() -> checksum))) {
      throw new Fault.InvalidArgument(
          "checksum mismatch \"%s\" != \"%s\""
              .formatted(checksum.get(), address.checksum().orElse("")));
    }
    Optional<Boolean> keep = add.keepGitDir();
    if (keep.isPresent() && !keep.equals(address.keepGitDir().or(() -> keep))) {
      throw new Fault.InvalidArgument("inconsistent keep-git-dir configuration");
    }
    return new GitAddress(
        address.remote(),
        address.ref(),
        address.subdir(),
        address.checksum().or(() -> checksum),
        address.keepGitDir().or(() -> keep),
        address.submodules());
  }

  private void workdir(Workdir workdir) {
    state.setDirectory(Paths.resolve(state.workingDirectory, word(workdir.path())));
    operation(
        new Operation.MakeDirectory(state.workingDirectory, state.user),
        List.of(state.vertex),
        "WORKDIR " + state.workingDirectory);
  }

  private void env(Env env) {
    List<Pair> expanded = expand("ENV", env.pairs());
    expanded.forEach(pair -> state.environment.set(pair.name(), pair.value()));
    metadata("ENV " + text(expanded));
  }

  private void label(Label label) {
    List<Pair> expanded = expand("LABEL", label.pairs());
    expanded.forEach(pair -> state.labels.put(pair.name(), pair.value()));
    metadata("LABEL " + text(expanded));
  }

  /** All at once: a pair does not see those before it in the same instruction. */
  private List<Pair> expand(String keyword, List<Pair> pairs) {
    List<Pair> expanded = new ArrayList<>();
    for (Pair pair : pairs) {
      String name = word(pair.name());
      if (name.isEmpty()) {
        throw new Fault.InvalidArgument(keyword + " names can not be blank");
      }
      expanded.add(new Pair(name, word(pair.value())));
    }
    return expanded;
  }

  private static String text(List<Pair> pairs) {
    return String.join(" ", pairs.stream().map(pair -> pair.name() + "=" + pair.value()).toList());
  }

  private void arg(Arg arg) {
    for (Variable variable : arg.variables()) {
      state.arguments.declare(word(variable.name()), () -> variable.defaultValue().map(this::word));
    }
    metadata(arg.text());
  }

  private void expose(Expose expose) {
    List<String> keys = new ArrayList<>();
    for (String text : expose.ports()) {
      for (String port : expansion.words(text, this::variable)) {
        try {
          keys.addAll(Ports.parse(port));
        } catch (IllegalArgumentException e) {
          throw dockerfile.blame(expose, String.valueOf(e.getMessage()));
        }
      }
    }
    keys.forEach(key -> state.ports.put(key, Map.of()));
    metadata("EXPOSE " + String.join(" ", keys));
  }

  private void volume(Volume volume) {
    List<String> paths = volume.paths().stream().map(this::word).toList();
    for (String path : paths) {
      if (path.isBlank()) {
        throw new Fault.InvalidArgument("VOLUME specified can not be an empty string");
      }
      state.volumes.put(path, Map.of());
    }
    metadata("VOLUME " + Json.text(paths));
  }
}
