package dev.kemas.engine;

import dev.kemas.container.ContainerConfig;
import dev.kemas.container.HostConfig;
import dev.kemas.fault.Fault;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.RootDir;
import dev.kemas.network.ContainerFiles;
import dev.kemas.network.ExtraHost;
import dev.kemas.network.Networks;
import dev.kemas.network.Sandbox;
import dev.kemas.oci.RuntimeSpec;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.runtime.CreateRequest;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import dev.kemas.spec.Accounts;
import dev.kemas.spec.SpecBuilder;
import dev.kemas.spec.SpecInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Makes a container's process ready to start: file system and network at once, then its files, its
 * specification and its monitor. What it did is undone on failure.
 */
final class Launcher {
  private static final Executor VIRTUAL = task -> Thread.ofVirtual().name("launch").start(task);

  private final EngineSettings settings;
  private final Snapshotter snapshotter;
  private final Networks networks;
  private final ContainerRuntime runtime;
  private final MountPlan mountPlan;
  private final ContainerTable table;

  Launcher(
      EngineSettings settings,
      Snapshotter snapshotter,
      Networks networks,
      ContainerRuntime runtime,
      MountPlan mountPlan,
      ContainerTable table) {
    this.settings = settings;
    this.snapshotter = snapshotter;
    this.networks = networks;
    this.runtime = runtime;
    this.mountPlan = mountPlan;
    this.table = table;
  }

  /** Makes the process; it waits to be started. */
  int launch(Container container, ContainerRuntime.ExitListener listener) {
    ContainerFolder folder = ContainerFolder.of(settings.dataRoot(), container.id());
    CompletableFuture<Optional<Sandbox>> network =
        CompletableFuture.supplyAsync(() -> openNetwork(container), VIRTUAL);
    try {
      folder.mount(snapshotter.mounts(new SnapshotName(container.id())));
      List<RuntimeSpec.Mount> mounts =
          new ArrayList<>(mountPlan.toSpec(container.mounts(), folder.rootfs()));
      Optional<Sandbox> sandbox = join(network);
      mounts.addAll(ownFiles(container, folder, sandbox));
      RuntimeSpec spec = spec(container, folder, sandbox, mounts);
      ContainerConfig config = container.config();
      return runtime.create(
          new CreateRequest(
              folder.bundle(),
              spec,
              config.tty(),
              config.openStdin(),
              config.stdinOnce(),
              container.runtime(),
              LogOptions.limits(container.host().logConfig())),
          listener);
    } catch (RuntimeException e) {
      undo(container, folder, network, e);
      throw e;
    }
  }

  private void undo(
      Container container,
      ContainerFolder folder,
      CompletableFuture<Optional<Sandbox>> network,
      RuntimeException cause) {
    try {
      network.handle((sandbox, fault) -> true).join();
      networks.close(container.id());
      runtime.delete(folder.bundle());
      folder.unmount();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private Optional<Sandbox> openNetwork(Container container) {
    NetworkPlan plan = NetworkPlan.of(container);
    return plan.sandbox().map(networks::open);
  }

  /** hosts, hostname and resolv.conf, unless a volume or bind lies there. */
  private List<RuntimeSpec.Mount> ownFiles(
      Container container, ContainerFolder folder, Optional<Sandbox> sandbox) {
    Optional<ContainerFolder> other =
        NetworkPlan.of(container)
            .sharedWith()
            .map(id -> ContainerFolder.of(settings.dataRoot(), table.get(id).now().id()));
    if (other.isEmpty()) {
      writeFiles(container, folder, sandbox);
    }
    ContainerFolder files = other.orElse(folder);
    List<RuntimeSpec.Mount> mounts = new ArrayList<>();
    String access = container.host().readonlyRootfs() ? "ro" : "rw";
    mounts.add(own("/etc/hosts", files.hosts(), access));
    mounts.add(own("/etc/hostname", files.hostname(), access));
    mounts.add(own("/etc/resolv.conf", files.resolvConf(), access));
    mounts.removeIf(
        m -> container.mounts().stream().anyMatch(p -> p.destination().equals(m.destination())));
    return mounts;
  }

  private static RuntimeSpec.Mount own(String target, Path file, String access) {
    return RuntimeSpec.Mount.of(target, "bind", file.toString(), "rbind", "rprivate", access);
  }

  private void writeFiles(Container container, ContainerFolder folder, Optional<Sandbox> sandbox) {
    List<ExtraHost> extra = container.host().extraHosts().stream().map(ExtraHost::parse).toList();
    try {
      Files.writeString(folder.hostname(), container.config().hostname() + "\n");
      if (sandbox.isPresent()) {
        ContainerFiles files = networks.files(container.id(), extra);
        Files.writeString(folder.hosts(), files.hosts());
        Files.writeString(folder.resolvConf(), files.resolvConf());
      } else {
        Files.copy(Path.of("/etc/hosts"), folder.hosts(), NetworkPlan.REPLACE);
        Files.copy(Path.of("/etc/resolv.conf"), folder.resolvConf(), NetworkPlan.REPLACE);
      }
    } catch (IOException e) {
      throw new Fault.Internal("cannot write the files of container " + container.id(), e);
    }
  }

  private RuntimeSpec spec(
      Container container,
      ContainerFolder folder,
      Optional<Sandbox> sandbox,
      List<RuntimeSpec.Mount> mounts) {
    ContainerConfig config = container.config();
    HostConfig host = HostDefaults.apply(container.host(), settings);
    Accounts.Account account;
    try (RootDir root = RootDir.open(folder.rootfs())) {
      if (!config.workingDir().isEmpty()) {
        root.mkdirs(config.workingDir(), 0755);
      }
      account =
          new Accounts(text(root, "/etc/passwd"), text(root, "/etc/group"))
              .resolve(config.user(), host.groupAdd());
    }
    boolean init = host.init().orElse(settings.init());
    return SpecBuilder.build(
        new SpecInput(
            container.command(),
            config.env(),
            config.workingDir().isEmpty() ? "/" : config.workingDir(),
            account.user(),
            account.home(),
            config.tty(),
            consoleSize(host),
            folder.rootfs().toString(),
            config.hostname(),
            config.domainname(),
            mounts,
            namespaces(container, sandbox),
            cgroupParent(container, settings) + "/" + container.id(),
            init ? Optional.of(InitProgram.find()) : Optional.empty(),
            HostDevices.read(host),
            host,
            new TreeMap<>(host.annotations()),
            settings.host()));
  }

  static String cgroupParent(Container container, EngineSettings settings) {
    String asked = container.host().resources().cgroupParent();
    return asked.isEmpty() ? settings.cgroupParent() : asked;
  }

  private static Optional<RuntimeSpec.Box> consoleSize(HostConfig host) {
    List<Integer> size = host.consoleSize();
    return size.size() == 2 && size.get(0) > 0 && size.get(1) > 0
        ? Optional.of(new RuntimeSpec.Box(size.get(0), size.get(1)))
        : Optional.empty();
  }

  /** The text of an image's file; empty where there is none. */
  static String text(RootDir root, String path) {
    if (root.stat(path).isEmpty()) {
      return "";
    }
    try (OpenFile file = root.openForRead(path);
        InputStream in = file.input()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Fault.Internal("cannot read " + path + " of the image: " + e.getMessage(), e);
    }
  }

  private SpecInput.Namespaces namespaces(Container container, Optional<Sandbox> sandbox) {
    HostConfig host = container.host();
    NetworkPlan plan = NetworkPlan.of(container);
    SpecInput.Source network =
        plan.sharedWith()
            .map(id -> (SpecInput.Source) join(id, "net"))
            .or(() ->
                sandbox
                    .flatMap(Sandbox::namespace)
                    .map(path -> new SpecInput.Source.Join(path.toString())))
            .orElse(plan.isHost() ? new SpecInput.Source.Host() : new SpecInput.Source.Fresh());
    return new SpecInput.Namespaces(
        source(host.pidMode(), "pid"),
        network,
        source(host.ipcMode(), "ipc"),
        host.utsMode().equals("host") ? new SpecInput.Source.Host() : new SpecInput.Source.Fresh(),
        host.cgroupnsMode().equals("host")
            ? new SpecInput.Source.Host()
            : new SpecInput.Source.Fresh());
  }

  private SpecInput.Source source(String mode, String type) {
    if (mode.equals("host")) {
      return new SpecInput.Source.Host();
    }
    return mode.startsWith("container:")
        ? join(mode.substring("container:".length()), type)
        : new SpecInput.Source.Fresh();
  }

  private SpecInput.Source.Join join(String reference, String type) {
    Container other = table.get(reference).now();
    if (!other.state().isAlive()) {
      throw new Fault.Conflict(
          "cannot join the "
              + type
              + " namespace of container "
              + reference
              + ": it is not running; start it first");
    }
    return new SpecInput.Source.Join("/proc/" + other.state().processId() + "/ns/" + type);
  }
}
