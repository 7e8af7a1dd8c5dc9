package dev.kemas.runtime;

import dev.kemas.fault.Fault;
import dev.kemas.linux.ChildProcess;
import dev.kemas.linux.Command;
import dev.kemas.linux.PidFd;
import dev.kemas.linux.Signal;
import dev.kemas.oci.Json;
import dev.kemas.oci.RuntimeSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes containers and looks after them. All state lies in the bundles and in the runtime's folder,
 * so another instance, in this process or a later one, takes them over with {@link #adopt}.
 * Thread-safe; operations on one container are the caller's to order.
 */
public final class ContainerRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerRuntime.class);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final RuntimeSettings settings;
  private final LeftoverControllers leftovers;
  private final Runtimes runtimes;
  private final Conmon conmon;
  private final ExecStarter execs;
  private final LogChanges logChanges = new LogChanges();
  private final LogRotation rotation = new LogRotation(logChanges);
  private final Exits exits;
  private final SeccompPrograms seccomp;
  private final ConcurrentMap<String, Watched> watched = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Is told of each end of a watched container, once, on a thread of its own. Those who follow its
   * log ask whether it runs once more afterwards.
   */
  public interface ExitListener {
    /** Called when the exit code is on disk. */
    void ended(Bundle bundle, Observed.Exit exit);
  }

  private record Watched(Bundle bundle, PidFd container, Optional<PidFd> monitor) {}

  private ContainerRuntime(RuntimeSettings settings) {
    this.settings = settings;
    this.leftovers = new LeftoverControllers(settings.stateRoot().resolve("cgroup"));
    this.runtimes = new Runtimes(settings, leftovers);
    this.conmon = new Conmon();
    this.execs = new ExecStarter(this);
    this.exits = new Exits(settings.stateRoot().resolve("exits"));
    this.seccomp = new SeccompPrograms(settings.stateRoot().resolve("seccomp"));
  }

  /**
   * Opens the runtime.
   *
   * @throws Fault.Unsupported if conmon or every runtime is missing
   * @throws Fault.InvalidArgument if the default runtime is not known
   */
  public static ContainerRuntime open(RuntimeSettings settings) {
    try {
      Files.createDirectories(settings.stateRoot());
    } catch (IOException e) {
      throw new Fault.Internal("cannot make " + settings.stateRoot() + ": " + e.getMessage(), e);
    }
    return new ContainerRuntime(settings);
  }

  /** The runtimes by name, and where they lie. */
  public Map<String, Path> runtimes() {
    return runtimes.all();
  }

  /**
   * Configures other runtimes; containers that exist keep theirs.
   *
   * @param defaultRuntime as in {@link RuntimeSettings}
   * @param more as in {@link RuntimeSettings}
   * @throws Fault.InvalidArgument if the default runtime is not known; then nothing has changed
   */
  public void reload(String defaultRuntime, Map<String, Path> more) {
    runtimes.reload(defaultRuntime, more);
  }

  /** The name of the runtime that is taken when none is named. */
  public String defaultRuntime() {
    return runtimes.defaultName();
  }

  /**
   * Checks a name that a user gave.
   *
   * @throws Fault.InvalidArgument with Docker's text if it is not known
   */
  public void requireKnown(String runtime) {
    if (!runtime.isEmpty() && !runtimes.all().containsKey(runtime)) {
      throw new Fault.InvalidArgument("unknown or invalid runtime name: " + runtime);
    }
  }

  /**
   * Makes a container and watches it: its process exists and waits for {@link #start}. On a fault
   * nothing of it runs; the bundle's files stay for the caller to remove.
   *
   * @return the process on the host
   * @throws Fault.InvalidArgument if its program is missing or cannot be run; {@link
   *     RuntimeErrors#exitCode} tells which
   */
  public int create(CreateRequest request, ExitListener listener) {
    Bundle bundle = request.bundle();
    Runtimes.Chosen runtime = runtimes.choose(request.runtime());
    Optional<String> profile =
        runtime.name().equals(Runtimes.CRUN)
            ? SeccompPrograms.key(request.spec())
            : Optional.empty();
    RuntimeSpec spec = request.spec();
    if (profile.isPresent()) {
      spec = seccomp.apply(spec, profile.get());
    }
    try {
      Files.write(bundle.config(), Json.write(spec));
      Files.writeString(bundle.runtimeName(), runtime.name());
      Files.createDirectories(runtimeRoot(runtime.name()));
    } catch (IOException e) {
      throw new Fault.Internal("cannot write bundle " + bundle.folder() + ": " + e.getMessage(), e);
    }
    exits.forget(bundle);
    int pid = conmon.create(request, runtime, runtimeRoot(runtime.name()), exits.folder());
    profile.ifPresent(key -> seccomp.learn(key, runtimeRoot(runtime.name()).resolve(bundle.id())));
    watch(bundle, pid, request.logLimits(), listener);
    return pid;
  }

  /**
   * Takes over a container that an earlier engine made: watches it if it lives.
   *
   * @return what is seen; the listener is only told of an end that comes later
   */
  public Observed adopt(Bundle bundle, CreateRequest.LogLimits limits, ExitListener listener) {
    Observed seen = observe(bundle);
    if (seen instanceof Observed.Alive alive) {
      ExecStarter.forgetAll(bundle);
      watch(bundle, alive.pid(), limits, listener);
    }
    return seen;
  }

  /** What the bundle and the kernel say, without watching. */
  public Observed observe(Bundle bundle) {
    Optional<Observed.Exit> exit = exits.read(bundle);
    if (exit.isPresent()) {
      return new Observed.Ended(exit.get());
    }
    Optional<Integer> monitor = number(bundle.conmonPid());
    Optional<Integer> container = number(bundle.containerPid());
    if (monitor.isPresent() && container.isPresent() && isConmon(monitor.get(), bundle)) {
      return new Observed.Alive(container.get(), monitor.get());
    }
    // it may have written the code and ended between the two looks
    return exits
        .read(bundle)
        .<Observed>map(Observed.Ended::new)
        .orElseGet(() ->
            container.isPresent() ? new Observed.Ended(Exits.unwatched()) : new Observed.Absent());
  }

  /** A number can be given to another process: its command line names the bundle. */
  private static boolean isConmon(int pid, Bundle bundle) {
    try {
      return new String(
              Files.readAllBytes(Path.of("/proc", Integer.toString(pid), "cmdline")),
              StandardCharsets.UTF_8)
          .contains(bundle.id());
    } catch (IOException ended) {
      LOG.debug("process {} has ended: {}", pid, ended.getMessage());
      return false;
    }
  }

  private static Optional<Integer> number(Path file) {
    try {
      String text = Files.readString(file).strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(Integer.parseInt(text));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException e) {
      throw new Fault.Internal("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private void watch(
      Bundle bundle, int pid, CreateRequest.LogLimits limits, ExitListener listener) {
    Optional<PidFd> monitor = number(bundle.conmonPid()).flatMap(PidFd::open);
    Optional<PidFd> container = PidFd.open(pid);
    container.ifPresent(process -> watched.put(bundle.id(), new Watched(bundle, process, monitor)));
    rotation.add(bundle, limits);
    Thread.ofVirtual()
        .name("exit-" + bundle.id())
        .start(() -> {
          Observed.Exit exit;
          try {
            exit = exits.await(bundle, monitor, container);
          } catch (Fault.Unavailable gaveUp) {
            if (closed) {
              // whoever takes the container over will see its end
              return;
            }
            throw gaveUp;
          }
          rotation.remove(bundle);
          Watched gone = watched.remove(bundle.id());
          if (gone != null) {
            gone.container().close();
          }
          if (!closed) {
            listener.ended(bundle, exit);
          }
          logChanges.ended(bundle);
        });
  }

  /** Lets the container's process run. */
  public void start(Bundle bundle) {
    run(bundle, "start", List.of());
  }

  /**
   * Sends a signal to the container's first process.
   *
   * @throws Fault.Conflict if it has ended
   */
  public void signal(Bundle bundle, Signal signal) {
    Watched container = watched.get(bundle.id());
    if (container == null || !container.container().signal(signal)) {
      throw new Fault.Conflict("container " + bundle.id() + " is not running");
    }
  }

  /** Stops all its processes where they stand (cgroup freezer). */
  public void pause(Bundle bundle) {
    run(bundle, "pause", List.of());
  }

  /** Lets paused processes go on. */
  public void resume(Bundle bundle) {
    run(bundle, "resume", List.of());
  }

  /**
   * Notes the limits that a running container is about to get; what is absent stays as it is. Their
   * owner records them next, then calls {@link #update} and {@link #endUpdate}.
   */
  public void beginUpdate(Bundle bundle, RuntimeSpec.Resources limits) {
    try {
      Files.write(bundle.update(), Json.write(limits));
    } catch (IOException e) {
      throw new Fault.Internal("cannot write " + bundle.update() + ": " + e.getMessage(), e);
    }
  }

  /** Gives a running container the limits that were noted. */
  public void update(Bundle bundle) {
    run(bundle, "update", List.of("--resources", bundle.update().toString()));
  }

  /** What is recorded is what the container has. */
  public void endUpdate(Bundle bundle) {
    try {
      Files.deleteIfExists(bundle.update());
    } catch (IOException e) {
      throw new Fault.Internal("cannot remove " + bundle.update() + ": " + e.getMessage(), e);
    }
  }

  /** Whether an engine ended between {@link #beginUpdate} and {@link #endUpdate}. */
  public boolean isUpdating(Bundle bundle) {
    return Files.exists(bundle.update());
  }

  /**
   * Ends the monitors and runtimes of containers that an earlier engine was about to make when it
   * was killed. For the start of an engine, when it makes none itself.
   *
   * @param alive the ids of the containers that are watched
   * @return the ids of those that were interrupted
   */
  public Set<String> endUnwatched(Set<String> alive) {
    return Unwatched.end(settings.stateRoot(), alive);
  }

  /** Whether a runtime keeps anything of a container. */
  public boolean isKnown(Bundle bundle) {
    return runtimeOf(bundle)
        .map(name -> Files.exists(runtimeRoot(name).resolve(bundle.id())))
        .orElse(false);
  }

  /** Forgets how a container ended. */
  public void forget(Bundle bundle) {
    exits.forget(bundle);
  }

  /**
   * Removes what the runtime keeps of a container, its cgroups included; one that lives is killed.
   * Doing it again is no fault. The bundle stays.
   */
  public void delete(Bundle bundle) {
    Optional<String> name = runtimeOf(bundle);
    if (name.isEmpty() || !Files.exists(runtimeRoot(name.get()).resolve(bundle.id()))) {
      return;
    }
    run(bundle, "delete", List.of("--force"));
  }

  /** The numbers of its processes on the host. */
  public List<Integer> processes(Bundle bundle) {
    String json = run(bundle, "ps", List.of("--format", "json"));
    List<Integer> pids = new ArrayList<>();
    if (!json.isBlank()) {
      for (int pid : Json.read(json, int[].class, "list of processes")) {
        pids.add(pid);
      }
    }
    return pids;
  }

  /**
   * Looks at a container's output and types into it. Before {@link #start} nothing is missed.
   *
   * @throws Fault.Conflict if it has ended
   */
  public Attachment attach(Bundle bundle) {
    return Attachment.to(bundle);
  }

  /** Changes the size of the container's terminal, in character cells. */
  public void resize(Bundle bundle, int height, int width) {
    Conmon.resize(bundle, height, width);
  }

  /** Runs a further process in the container. */
  public ExecSession exec(Bundle bundle, ExecRequest request) {
    return execs.start(bundle, request);
  }

  /** Reads the container's output from its log. */
  public LogReader logs(Bundle bundle) {
    return new LogReader(bundle, logChanges);
  }

  Command command(Bundle bundle, List<String> globals, List<String> words) {
    String name =
        runtimeOf(bundle)
            .orElseThrow(
                () -> new Fault.Conflict("container " + bundle.id() + " was never started"));
    Runtimes.Chosen runtime = runtimes.choose(name);
    List<String> line = new ArrayList<>(List.of("--root", runtimeRoot(name).toString()));
    line.addAll(globals);
    line.addAll(words);
    return Command.of(runtime.program(), line);
  }

  private String run(Bundle bundle, String verb, List<String> options) {
    List<String> words = new ArrayList<>(List.of(verb));
    words.addAll(options);
    words.add(bundle.id());
    ChildProcess.Outcome outcome = ChildProcess.run(command(bundle, List.of(), words), LIMIT);
    if (outcome.exitCode() != 0) {
      throw RuntimeErrors.of(verb, outcome.errors());
    }
    return outcome.output();
  }

  Optional<String> runtimeOf(Bundle bundle) {
    try {
      return Optional.of(Files.readString(bundle.runtimeName()).strip());
    } catch (NoSuchFileException never) {
      return Optional.empty();
    } catch (IOException e) {
      throw new Fault.Internal("cannot read " + bundle.runtimeName() + ": " + e.getMessage(), e);
    }
  }

  private Path runtimeRoot(String name) {
    return settings.stateRoot().resolve(name);
  }

  /** Lets go of everything; containers run on. */
  @Override
  public void close() {
    closed = true;
    rotation.close();
    logChanges.close();
    runtimes.close();
    boolean alive =
        watched.values().stream().anyMatch(w -> observe(w.bundle()) instanceof Observed.Alive);
    for (Watched w : watched.values()) {
      w.monitor().ifPresent(PidFd::close);
      w.container().close();
    }
    if (!alive) {
      leftovers.release();
    }
  }
}
