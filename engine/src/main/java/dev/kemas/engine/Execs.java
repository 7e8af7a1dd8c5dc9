package dev.kemas.engine;

import dev.kemas.container.HostConfig;
import dev.kemas.fault.Fault;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Signal;
import dev.kemas.oci.Json;
import dev.kemas.oci.RuntimeSpec;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.runtime.ExecRequest;
import dev.kemas.runtime.ExecSession;
import dev.kemas.spec.Accounts;
import dev.kemas.spec.SpecBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Further processes in running containers. They are known from their making until a while after
 * their end, in memory: a new engine knows none of the old one's. Thread-safe.
 */
public final class Execs {
  private static final Logger LOG = LoggerFactory.getLogger(Execs.class);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int MOST_ENDED = 500;

  /** Of a process whose end could not be learned. */
  private static final int LOST = 255;

  private static final int PROBE_OUTPUT = 4096;
  private static final int MOST_RUNS = 64;

  private final EngineSettings settings;
  private final ContainerTable table;
  private final ContainerRuntime runtime;
  private final ContainerEvents events;
  private final ConcurrentMap<String, Exec> execs = new ConcurrentHashMap<>();

  /** The runs that processes were started in, the one longest known first. */
  private final Map<String, Run> runs = new LinkedHashMap<>();

  /** What the process of a run of a container is like. */
  private record Run(Instant started, RuntimeSpec.Process process) {}

  Execs(
      EngineSettings settings,
      ContainerTable table,
      ContainerRuntime runtime,
      ContainerEvents events) {
    this.settings = settings;
    this.table = table;
    this.runtime = runtime;
    this.events = events;
  }

  /**
   * A process to run in a container.
   *
   * @param user empty for the container's own
   * @param workingDir empty for the container's own
   * @param env added to the container's own
   * @param detachKeys as the client said, for inspection
   */
  public record Request(
      List<String> command,
      List<String> env,
      String user,
      String workingDir,
      boolean terminal,
      boolean privileged,
      boolean attachStdin,
      boolean attachStdout,
      boolean attachStderr,
      String detachKeys) {
    public Request {
      command = List.copyOf(command);
      env = List.copyOf(env);
    }
  }

  /** One further process, at some moment of its life. */
  public static final class Exec {
    private final String id;
    private final String containerId;
    private final Request request;
    private final Instant made = Instant.now();
    private volatile Optional<ExecSession> session = Optional.empty();
    private volatile OptionalInt exitCode = OptionalInt.empty();
    private volatile OptionalInt pid = OptionalInt.empty();
    private boolean begun;

    private Exec(String id, String containerId, Request request) {
      this.id = id;
      this.containerId = containerId;
      this.request = request;
    }

    /** Its id, 64 hexadecimal digits. */
    public String id() {
      return id;
    }

    /** The container it is for. */
    public String containerId() {
      return containerId;
    }

    /** What was asked for. */
    public Request request() {
      return request;
    }

    /** Whether it runs now. */
    public boolean isRunning() {
      return session.isPresent() && exitCode.isEmpty();
    }

    /** Its exit code; empty until it has ended. */
    public OptionalInt exitCode() {
      return exitCode;
    }

    /** Its process on the host; empty until it has started. */
    public OptionalInt pid() {
      OptionalInt known = pid;
      if (known.isEmpty() && isRunning()) {
        known =
            session.flatMap(s -> s.pid().stream().boxed().findFirst()).stream()
                .mapToInt(Integer::intValue)
                .findFirst();
        pid = known;
      }
      return known;
    }

    private synchronized void begin() {
      if (begun) {
        throw new Fault.Conflict("Error: Exec command " + id + " has already run");
      }
      begun = true;
    }
  }

  /**
   * A started process: its streams while it runs, and its end.
   *
   * @param session the streams; close it when both output streams have ended
   * @param outcome how it ended; completed whoever reads the streams
   */
  public record Started(ExecSession session, CompletableFuture<ExecSession.Outcome> outcome) {}

  /**
   * Notes a process; it runs when it is started.
   *
   * @throws Fault.Conflict if the container does not run
   */
  public Exec create(String reference, Request request) {
    Container container = requireRunning(table.get(reference).now());
    if (request.command().isEmpty()) {
      throw new Fault.InvalidArgument("No exec command specified");
    }
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    Exec exec = new Exec(HexFormat.of().formatHex(bytes), container.id(), request);
    execs.put(exec.id(), exec);
    forgetOldest();
    tell("exec_create: " + String.join(" ", request.command()), container, exec);
    return exec;
  }

  private void forgetOldest() {
    if (execs.size() > MOST_ENDED) {
      execs.values().stream()
          .filter(e -> e.exitCode().isPresent())
          .min((a, b) -> a.made.compareTo(b.made))
          .ifPresent(e -> execs.remove(e.id()));
    }
  }

  /**
   * One process.
   *
   * @throws Fault.NotFound {@code No such exec instance: X}
   */
  public Exec get(String id) {
    Exec exec = execs.get(id);
    if (exec == null) {
      throw new Fault.NotFound("exec instance", id, "No such exec instance: " + id);
    }
    return exec;
  }

  /** The processes of a container that have not ended. */
  public List<String> of(String containerId) {
    return execs.values().stream()
        .filter(e -> e.containerId().equals(containerId) && e.exitCode().isEmpty())
        .map(Exec::id)
        .toList();
  }

  /**
   * Runs it.
   *
   * @throws Fault.Conflict if it has run, or its container does not run or is paused
   */
  public Started start(String id) {
    Exec exec = get(id);
    Container container = requireRunning(table.get(exec.containerId()).now());
    exec.begin();
    try {
      return run(exec, container);
    } catch (RuntimeException e) {
      exec.exitCode = OptionalInt.of(126);
      throw e;
    }
  }

  private Started run(Exec exec, Container container) {
    Request request = exec.request();
    ExecSession session =
        runtime.exec(
            folder(container).bundle(),
            new ExecRequest(
                exec.id(),
                process(container, request),
                request.attachStdin(),
                request.attachStdout() || request.attachStderr()));
    exec.session = Optional.of(session);
    tell("exec_start: " + String.join(" ", request.command()), container, exec);
    CompletableFuture<ExecSession.Outcome> outcome = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("exec-" + exec.id())
        .start(() -> {
          try {
            ExecSession.Outcome end = session.await();
            exec.exitCode =
                OptionalInt.of(
                    switch (end) {
                      case ExecSession.Outcome.Ended(int code) -> code;
                      case ExecSession.Outcome.NotStarted(int code, String message) -> code;
                    });
            tell("exec_die", container, exec);
            outcome.complete(end);
          } catch (RuntimeException e) {
            exec.exitCode = OptionalInt.of(LOST);
            outcome.completeExceptionally(e);
          }
        });
    return new Started(session, outcome);
  }

  /** Runs it with nobody at its streams. */
  public void startDetached(String id) {
    Exec exec = get(id);
    Request quiet =
        new Request(
            exec.request().command(),
            exec.request().env(),
            exec.request().user(),
            exec.request().workingDir(),
            exec.request().terminal(),
            exec.request().privileged(),
            false,
            false,
            false,
            exec.request().detachKeys());
    Container container = requireRunning(table.get(exec.containerId()).now());
    exec.begin();
    Exec run = new Exec(exec.id(), exec.containerId(), quiet);
    Started started = run(run, container);
    exec.session = run.session;
    Thread.ofVirtual()
        .name("detached-" + id)
        .start(() -> {
          if (quiet.terminal()) {
            drain(started.session().stdout());
          }
          started.outcome().join();
          exec.exitCode = run.exitCode;
          started.session().close();
        });
  }

  private static void drain(InputStream output) {
    try {
      output.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      LOG.debug("the output of a detached process ended: {}", e.getMessage());
    }
  }

  /** Sets the size of its terminal, in character cells. */
  public void resize(String id, int height, int width) {
    Exec exec = get(id);
    exec.session
        .orElseThrow(() -> new Fault.Conflict("exec instance " + id + " is not running"))
        .resize(height, width);
  }

  /** Runs a health probe to its end or its limit; never throws for what the probe does. */
  Health.Probe probe(Container container, List<String> command, Duration limit) {
    Instant start = Instant.now();
    Request request = new Request(command, List.of(), "", "", false, false, false, true, true, "");
    byte[] bytes = new byte[8];
    RANDOM.nextBytes(bytes);
    String id = "health-" + HexFormat.of().formatHex(bytes);
    try (ExecSession session =
        runtime.exec(
            folder(container).bundle(),
            new ExecRequest(id, process(container, request), false, true))) {
      CompletableFuture<String> output =
          CompletableFuture.supplyAsync(
              () -> head(session.stdout(), session.stderr()),
              task -> Thread.ofVirtual().start(task));
      CompletableFuture<ExecSession.Outcome> end =
          CompletableFuture.supplyAsync(session::await, task -> Thread.ofVirtual().start(task));
      try {
        return switch (end.get(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          case ExecSession.Outcome.Ended(int code) ->
              new Health.Probe(start, Instant.now(), code, output.join());
          case ExecSession.Outcome.NotStarted(int code, String message) ->
              new Health.Probe(start, Instant.now(), code, message);
        };
      } catch (TimeoutException late) {
        session.signal(Signal.KILL);
        end.join();
        return new Health.Probe(
            start,
            Instant.now(),
            -1,
            "Health check exceeded timeout (" + limit.toMillis() + "ms): " + output.join());
      } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
        return new Health.Probe(start, Instant.now(), -1, e.toString());
      }
    }
  }

  private static String head(InputStream out, InputStream err) {
    try {
      byte[] first = out.readNBytes(PROBE_OUTPUT);
      out.transferTo(java.io.OutputStream.nullOutputStream());
      byte[] second = err.readNBytes(PROBE_OUTPUT - first.length);
      err.transferTo(java.io.OutputStream.nullOutputStream());
      byte[] both = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      return new String(both, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private RuntimeSpec.Process process(Container container, Request request) {
    RuntimeSpec.Process own = own(container);
    Accounts.Account account = account(container, request.user());
    HostConfig host = container.host();
    boolean sameUser = request.user().isEmpty();
    return new RuntimeSpec.Process(
        request.terminal(),
        Optional.empty(),
        sameUser ? own.user() : account.user(),
        request.command(),
        environment(own, request, sameUser ? Optional.empty() : Optional.of(account.home())),
        request.workingDir().isEmpty() ? own.cwd() : request.workingDir(),
        Optional.of(
            SpecBuilder.capabilities(
                host,
                request.privileged(),
                settings.host(),
                sameUser ? own.user() : account.user())),
        own.rlimits(),
        own.noNewPrivileges() && !request.privileged(),
        request.privileged() ? Optional.empty() : own.apparmorProfile(),
        own.oomScoreAdj(),
        own.selinuxLabel());
  }

  /** The container's own process; its specification is large, so it is read once a run. */
  private RuntimeSpec.Process own(Container container) {
    Optional<Instant> started = container.state().started();
    synchronized (runs) {
      Run known = runs.get(container.id());
      if (known != null && started.equals(Optional.of(known.started()))) {
        return known.process();
      }
    }
    RuntimeSpec spec =
        Json.read(
            read(folder(container).path().resolve("config.json")),
            RuntimeSpec.class,
            "runtime specification of container " + container.id());
    RuntimeSpec.Process own =
        spec.process()
            .orElseThrow(() -> new Fault.Internal("container " + container.id() + " has none"));
    synchronized (runs) {
      started.ifPresent(at -> runs.put(container.id(), new Run(at, own)));
      if (runs.size() > MOST_RUNS) {
        runs.remove(runs.keySet().iterator().next());
      }
    }
    return own;
  }

  private Accounts.Account account(Container container, String user) {
    Path root = Path.of("/proc", Integer.toString(container.state().processId()), "root");
    try (RootDir files = RootDir.open(root)) {
      return new Accounts(Launcher.text(files, "/etc/passwd"), Launcher.text(files, "/etc/group"))
          .resolve(user, container.host().groupAdd());
    }
  }

  private static List<String> environment(
      RuntimeSpec.Process own, Request request, Optional<String> home) {
    Map<String, String> byName = new LinkedHashMap<>();
    List<String> all = new ArrayList<>(own.env());
    home.ifPresent(h -> all.add("HOME=" + h));
    if (request.terminal() && own.env().stream().noneMatch(e -> e.startsWith("TERM="))) {
      all.add("TERM=xterm");
    }
    all.addAll(request.env());
    all.forEach(e -> byName.put(e.substring(0, Math.max(0, e.indexOf('='))), e));
    return List.copyOf(byName.values());
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new Fault.Internal("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private ContainerFolder folder(Container container) {
    return ContainerFolder.of(settings.dataRoot(), container.id());
  }

  private static Container requireRunning(Container container) {
    return switch (container.state()) {
      case ContainerState.Running r -> container;
      case ContainerState.Paused p ->
          throw new Fault.Conflict(
              "Container " + container.id() + " is paused, unpause the container before exec");
      case ContainerState.Restarting r ->
          throw new Fault.Conflict(
              "Container "
                  + container.id()
                  + " is restarting, wait until the container is running");
      case ContainerState.Created c -> throw notRunning(container);
      case ContainerState.Exited e -> throw notRunning(container);
      case ContainerState.Removing r -> throw notRunning(container);
    };
  }

  private static Fault notRunning(Container container) {
    return new Fault.Conflict("container " + container.id() + " is not running");
  }

  private void tell(String action, Container container, Exec exec) {
    Map<String, String> attributes = new HashMap<>();
    attributes.put("execID", exec.id());
    exec.exitCode().ifPresent(code -> attributes.put("exitCode", Integer.toString(code)));
    events.tell(action, container, attributes);
  }

  void close() {
    execs.clear();
  }
}
