package dev.kemas.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kemas.build.files.MountPoints;
import dev.kemas.build.files.TargetTree;
import dev.kemas.container.HostConfig;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.Mount;
import dev.kemas.linux.Mounter;
import dev.kemas.linux.Signal;
import dev.kemas.network.ContainerFiles;
import dev.kemas.network.EndpointSpec;
import dev.kemas.network.ExtraHost;
import dev.kemas.network.Network;
import dev.kemas.network.Networks;
import dev.kemas.network.Sandbox;
import dev.kemas.network.SandboxSpec;
import dev.kemas.oci.Json;
import dev.kemas.oci.RuntimeSpec;
import dev.kemas.runtime.Attachment;
import dev.kemas.runtime.Bundle;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.runtime.CreateRequest;
import dev.kemas.runtime.Observed;
import dev.kemas.spec.Accounts;
import dev.kemas.spec.HostFacts;
import dev.kemas.spec.SpecBuilder;
import dev.kemas.spec.SpecInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Executor} by the container runtime, with a network of the container's own. Each container
 * has a folder beneath one of the builder's, so {@link #collect} finds what a killed process left.
 */
public final class RuntimeExecutor implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(RuntimeExecutor.class);
  private static final int MOST_ACCOUNTS = 4 << 20;
  private static final List<String> OWN_MOUNTS = List.of("/proc", "/sys", "/dev");
  private static final String RESOLV_CONF = "/etc/resolv.conf";
  private static final String HOSTS = "/etc/hosts";
  private static final int SHORT_ID = 12;

  /** Where a bundle is that a disk must not see. */
  private static final Mount MEMORY =
      new Mount("tmpfs", "tmpfs", List.of("nosuid", "nodev", "mode=0700"));

  private final ContainerRuntime runtime;
  private final Networks networks;
  private final HostFacts host;
  private final Mounter mounter;
  private final Path bundles;
  private final String cgroup;

  /**
   * Runs processes with these.
   *
   * @param bundles a folder of the builder's own
   * @param cgroup path of the cgroup that containers' cgroups are made in, such as {@code /kemas}
   */
  public RuntimeExecutor(
      ContainerRuntime runtime,
      Networks networks,
      HostFacts host,
      Mounter mounter,
      Path bundles,
      String cgroup) {
    this.runtime = runtime;
    this.networks = networks;
    this.host = host;
    this.mounter = mounter;
    this.bundles = bundles;
    this.cgroup = cgroup;
  }

  /** Kills and removes what builds of a process that is no more have left. */
  public void collect() {
    if (!Files.isDirectory(bundles)) {
      return;
    }
    try (Stream<Path> folders = Files.list(bundles)) {
      for (Path folder : folders.toList()) {
        Path name = folder.getFileName();
        if (name != null) {
          LOG.info("removing container {}, left by a build that did not end", name);
          remove(new Bundle(name.toString(), folder));
        }
      }
    } catch (IOException e) {
      throw new Fault.Internal("cannot list " + bundles + ": " + e.getMessage(), e);
    }
  }

  private void remove(Bundle bundle) {
    try {
      runtime.delete(bundle);
    } finally {
      mounter.unmount(bundle.folder());
      try {
        networks.close(bundle.id());
      } finally {
        try (Directory all = Directory.open(bundles)) {
          all.removeTree(bundle.id());
        }
      }
    }
  }

  @Override
  public Ended run(
      Command command, Path root, Output output, Consumer<String> running, Cancellation cancelled) {
    cancelled.check();
    Bundle bundle = new Bundle(command.id(), bundles.resolve(command.id()));
    List<String> directories = new ArrayList<>(OWN_MOUNTS);
    List<String> files = new ArrayList<>(List.of(RESOLV_CONF, HOSTS));
    for (Lent lent : command.lent()) {
      (lent.file() ? files : directories).add(lent.mount().destination());
    }
    Map<String, dev.kemas.linux.Stat> touched;
    int code;
    try (MountPoints points = MountPoints.prepare(root, directories, files)) {
      touched = points.touched();
      try {
        Files.createDirectories(bundle.folder());
        if (!command.rights().secretEnv().isEmpty()) {
          mounter.mount(MEMORY, bundle.folder());
        }
        code = run(bundle, command, root, output, running, cancelled);
      } catch (IOException e) {
        throw new Fault.Internal("cannot write " + bundle.folder() + ": " + e.getMessage(), e);
      } finally {
        remove(bundle);
      }
    }
    return new Ended(code, touched);
  }

  private int run(
      Bundle bundle,
      Command command,
      Path root,
      Output output,
      Consumer<String> running,
      Cancellation cancelled)
      throws IOException {
    Sandbox sandbox = networks.open(sandbox(command));
    ContainerFiles files =
        networks.files(command.id(), command.extraHosts().stream().map(ExtraHost::parse).toList());
    boolean terminal = output.terminal().isPresent();
    RuntimeSpec spec =
        hooked(
            SpecBuilder.build(input(bundle, command, root, sandbox, files, terminal)),
            command.rights().devices().hooks());
    CompletableFuture<Observed.Exit> ended = new CompletableFuture<>();
    runtime.create(
        new CreateRequest(
            bundle, spec, terminal, terminal, terminal, "", CreateRequest.LogLimits.NOTHING),
        (ignored, exit) -> ended.complete(exit));
    Cancellation.Registration registration = Cancellation.NONE;
    try (Attachment attachment = runtime.attach(bundle)) {
      Thread pump = Thread.startVirtualThread(() -> attachment.pump(sink(output)));
      registration = cancelled.onCancel(() -> kill(bundle));
      running.accept(command.id());
      cancelled.check();
      output.terminal().ifPresent(sits -> sits.accept(new Typed(runtime, bundle, attachment)));
      runtime.start(bundle);
      Observed.Exit exit = ended.join();
      join(pump, attachment);
      cancelled.check();
      return exit.code();
    } finally {
      registration.close();
    }
  }

  private record Typed(ContainerRuntime runtime, Bundle bundle, Attachment attachment)
      implements Keyboard {
    @Override
    public void type(ByteBuffer keys) {
      attachment.write(keys);
    }

    @Override
    public void resize(int columns, int rows) {
      runtime.resize(bundle, rows, columns);
    }
  }

  private static RuntimeSpec hooked(RuntimeSpec spec, Optional<RuntimeSpec.Hooks> hooks) {
    return new RuntimeSpec(
        spec.ociVersion(),
        spec.process(),
        spec.root(),
        spec.hostname(),
        spec.domainname(),
        spec.mounts(),
        hooks.isPresent() ? hooks : spec.hooks(),
        spec.annotations(),
        spec.linux());
  }

  /** All output was handed over once the pump has ended, which it does with the container. */
  private static void join(Thread pump, Attachment attachment) {
    try {
      pump.join();
    } catch (InterruptedException e) {
      attachment.close();
      throw new Fault.Cancelled("interrupted while reading a step's output");
    }
  }

  private void kill(Bundle bundle) {
    try {
      runtime.signal(bundle, Signal.KILL);
    } catch (Fault.Conflict e) {
      LOG.debug("{} ended by itself", bundle.id());
    }
  }

  private static Attachment.Sink sink(Output output) {
    return (stream, bytes) -> {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      output.write(stream == Attachment.Stream.STDERR, copy, 0, copy.length);
    };
  }

  private static SandboxSpec sandbox(Command command) {
    String name = "build-" + command.id().substring(0, SHORT_ID);
    String network =
        switch (command.network()) {
          case "", "default" -> Network.BRIDGE;
          default -> command.network();
        };
    if (network.startsWith("container:")) {
      throw new Fault.Unsupported(
          "a build cannot use the network of a container: use default, host, none or a network");
    }
    return SandboxSpec.of(
            command.id(),
            new SandboxSpec.Container(command.id(), name, command.id().substring(0, SHORT_ID), ""))
        .withEndpoints(List.of(EndpointSpec.to(network)));
  }

  private SpecInput input(
      Bundle bundle,
      Command command,
      Path root,
      Sandbox sandbox,
      ContainerFiles files,
      boolean terminal)
      throws IOException {
    Accounts.Account account = account(root, command.user());
    List<RuntimeSpec.Mount> mounts = new ArrayList<>();
    mounts.add(file(bundle, "resolv.conf", files.resolvConf(), RESOLV_CONF));
    mounts.add(file(bundle, "hosts", files.hosts(), HOSTS));
    command.lent().forEach(lent -> mounts.add(lent.mount()));
    mounts.addAll(command.rights().devices().mounts());
    if (command.script().isPresent()) {
      String target = command.args().getFirst();
      mounts.add(file(bundle, "script", command.script().get(), target));
      Path script = bundle.folder().resolve("script");
      if (!script.toFile().setExecutable(true, false)) {
        throw new IOException("cannot make the script executable");
      }
    }
    SpecInput.Source network =
        sandbox
            .namespace()
            .<SpecInput.Source>map(path -> new SpecInput.Source.Join(path.toString()))
            .orElseGet(SpecInput.Source.Host::new);
    SpecInput.Source fresh = new SpecInput.Source.Fresh();
    String asked = command.resources().cgroupParent();
    List<String> env = new ArrayList<>(command.env());
    env.addAll(command.rights().devices().env());
    env.addAll(command.rights().secretEnv());
    List<SpecInput.HostDevice> devices = new ArrayList<>(command.rights().devices().nodes());
    if (command.rights().insecure()) {
      devices.addAll(HostNodes.all());
    }
    return new SpecInput(
        command.args(),
        env,
        command.cwd(),
        account.user(),
        account.home(),
        terminal,
        Optional.empty(),
        root.toString(),
        command.id().substring(0, SHORT_ID),
        "",
        mounts,
        new SpecInput.Namespaces(fresh, network, fresh, fresh, fresh),
        (asked.isEmpty() ? cgroup : asked) + "/" + command.id(),
        Optional.empty(),
        devices,
        hostConfig(command),
        new TreeMap<>(),
        host);
  }

  private static RuntimeSpec.Mount file(Bundle bundle, String name, String content, String target)
      throws IOException {
    Path file = Files.writeString(bundle.folder().resolve(name), content);
    return RuntimeSpec.Mount.of(target, "bind", file.toString(), "rbind", "rprivate");
  }

  private static Accounts.Account account(Path root, String user) {
    try (TargetTree tree = TargetTree.open(root)) {
      return new Accounts(
              tree.text("/etc/passwd", MOST_ACCOUNTS), tree.text("/etc/group", MOST_ACCOUNTS))
          .resolve(user, List.of());
    }
  }

  private static HostConfig hostConfig(Command command) {
    ObjectNode json = Json.mapper().valueToTree(command.resources());
    json.put("ShmSize", command.shmSize());
    json.put("Privileged", command.rights().insecure());
    try {
      return Json.mapper().treeToValue(json, HostConfig.class);
    } catch (JsonProcessingException e) {
      throw new Fault.Internal("cannot read limits back: " + e.getOriginalMessage(), e);
    }
  }
}
