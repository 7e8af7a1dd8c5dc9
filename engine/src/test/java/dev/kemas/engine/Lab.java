package dev.kemas.engine;

import dev.kemas.container.CreateRequest;
import dev.kemas.content.FolderBlobStore;
import dev.kemas.image.ImageService;
import dev.kemas.image.ImportRequest;
import dev.kemas.image.Progress;
import dev.kemas.linux.KernelMounter;
import dev.kemas.linux.MountTable;
import dev.kemas.linux.Mounter;
import dev.kemas.linux.NetworkNamespace;
import dev.kemas.metadata.Leases;
import dev.kemas.metadata.RecordStore;
import dev.kemas.network.NetworkSettings;
import dev.kemas.network.Networks;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistrySettings;
import dev.kemas.runtime.Attachment;
import dev.kemas.runtime.ContainerRuntime;
import dev.kemas.runtime.LogQuery;
import dev.kemas.runtime.RuntimeSettings;
import dev.kemas.snapshot.OverlaySnapshotter;
import dev.kemas.volume.Volumes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A real engine on real stores, mounts, runtime and networks, all below one folder; a network
 * namespace plays the host, so that the machine's links and rules are left alone. Opened anew on
 * the same folder it is the engine after a restart.
 */
final class Lab implements AutoCloseable {
  private static final List<String> APPLETS =
      List.of(
          "sh",
          "cat",
          "echo",
          "sleep",
          "true",
          "false",
          "id",
          "touch",
          "ls",
          "mkdir",
          "rm",
          "kill",
          "ip",
          "env",
          "pwd",
          "chmod",
          "head",
          "stat",
          "test",
          "printf",
          "ln",
          "hostname",
          "stty",
          "dd",
          "tail",
          "ps",
          "nslookup",
          "wget",
          "httpd",
          "nc",
          "yes",
          "mount",
          "grep");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  final Path folder;
  final Path data;
  final String instance;
  final RecordStore records;
  final FolderBlobStore blobs;
  final OverlaySnapshotter snapshots;
  final Networks networks;
  final Volumes volumes;
  final ContainerRuntime runtime;
  final ImageService images;
  final GarbageCollection garbage;
  final Leases leases = new Leases();
  final Events events = new Events();
  final Engine engine;

  /** Opens the engine of a folder and lets it recover. */
  static Lab open(Path folder) {
    return open(folder, 0);
  }

  static Lab open(Path folder, int spares) {
    return open(folder, spares, new KernelMounter());
  }

  static Lab open(Path folder, int spares, Mounter mounter) {
    Lab lab = new Lab(folder, spares, mounter);
    lab.engine.recover();
    return lab;
  }

  private Lab(Path folder, int spares, Mounter mounter) {
    this.folder = folder;
    this.data = folder.resolve("data");
    this.instance = instance(folder);
    prepareHost(folder);
    CompletableFuture<Engine> late = new CompletableFuture<>();
    CompletableFuture<ImageService> lateImages = new CompletableFuture<>();
    records = RecordStore.open(data.resolve("kemas.db"));
    blobs = FolderBlobStore.open(data.resolve("content"));
    snapshots = OverlaySnapshotter.open(data.resolve("snapshots"));
    garbage =
        new GarbageCollection(
            leases,
            blobs,
            snapshots,
            List.of(() -> lateImages.join().roots()),
            name -> lateImages.join().layers().beside(name));
    images =
        ImageService.open(
            new ImageService.Parts(
                records,
                leases,
                blobs,
                snapshots,
                digest -> late.join().usersOf(digest),
                event -> {},
                garbage::collect,
                new RegistryClient(RegistrySettings.DEFAULT, Map.of()),
                Map.of(),
                Clock.systemUTC()));
    lateImages.complete(images);
    volumes =
        Volumes.open(
            data.resolve("volumes"),
            records,
            mounter,
            (action, v) -> events.tell("volume", action, v.name(), Map.of()));
    networks =
        Networks.open(
            NetworkSettings.of(instance, folder.resolve("exec"))
                .withHostNamespace(folder.resolve("host"))
                .withResolvConf(folder.resolve("resolv.conf"))
                .withSpares(spares),
            new StoredNetworkRecords(records));
    runtime =
        ContainerRuntime.open(
            new RuntimeSettings(folder.resolve("exec/runtime"), instance, "", Map.of()));
    engine =
        new Engine(
            EngineSettings.of(data, instance, HostFactsReader.read()),
            records,
            snapshots,
            images,
            networks,
            volumes,
            runtime,
            events);
    late.complete(engine);
  }

  private static String instance(Path folder) {
    String hash = Integer.toString(folder.toString().hashCode() & 0x7fffffff, 36);
    return "t" + hash.substring(0, Math.min(5, hash.length()));
  }

  private static void prepareHost(Path folder) {
    try {
      Files.writeString(folder.resolve("resolv.conf"), "nameserver 192.0.2.53\n");
      if (!NetworkNamespace.isNamespace(folder.resolve("host"))) {
        NetworkNamespace.create(folder.resolve("host")).close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes {@code busybox}, unless it is there; {@code changes} as in a Dockerfile. */
  Lab withBusybox(String... changes) {
    return withImage("busybox", changes);
  }

  Lab withImage(String name, String... changes) {
    try {
      Path root = Files.createDirectories(folder.resolve("image-" + name));
      for (String dir : List.of("bin", "etc", "tmp", "app/data", "dev", "proc", "sys", "root")) {
        Files.createDirectories(root.resolve(dir));
      }
      Files.copy(
          Path.of("/bin/busybox"),
          root.resolve("bin/busybox"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      for (String applet : APPLETS) {
        Path link = root.resolve("bin").resolve(applet);
        if (!Files.isSymbolicLink(link)) {
          Files.createSymbolicLink(link, Path.of("busybox"));
        }
      }
      Files.writeString(
          root.resolve("etc/passwd"), "root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/home/u:\n");
      Files.writeString(root.resolve("etc/group"), "root:x:0:\nuser:x:1000:\nwheel:x:10:user\n");
      Files.writeString(root.resolve("app/data/seed"), "from the image\n");
      Files.writeString(root.resolve("bin/plain"), "not a program");
      Path tar = folder.resolve("image.tar");
      int code =
          new ProcessBuilder("tar", "-C", root.toString(), "-cf", tar.toString(), ".")
              .inheritIO()
              .start()
              .waitFor();
      if (code != 0) {
        throw new IOException("tar failed");
      }
      List<String> all = new ArrayList<>(List.of("ENV PATH=/bin", "CMD [\"sh\"]"));
      all.addAll(List.of(changes));
      try (InputStream in = Files.newInputStream(tar)) {
        images
            .importer()
            .importTar(
                in,
                new ImportRequest(Optional.of(Reference.parse(name)), all, "", Optional.empty()),
                Progress.NONE);
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A request for busybox: a command, and more fields of the body as JSON without braces. */
  static CreateRequest request(List<String> command, String more) {
    return Json.read(
        "{\"Image\":\"busybox\",\"Cmd\":"
            + Json.text(command)
            + (more.isEmpty() ? "" : "," + more)
            + "}",
        CreateRequest.class,
        "request");
  }

  /** The host's part of a request. */
  static String host(String fields) {
    return "\"HostConfig\":{" + fields + "}";
  }

  static final String NO_NETWORK = host("\"NetworkMode\":\"none\"");

  static String noNetwork(String fields) {
    return host("\"NetworkMode\":\"none\"," + fields);
  }

  Container create(String name, String more, String... command) {
    return engine.create(name, request(List.of(command), more)).container();
  }

  Container start(String name, String more, String... command) {
    Container made = create(name, more, command);
    engine.start(made.id());
    return engine.container(made.id());
  }

  /** Runs to the end and returns exit code and output, then leaves the container as it is. */
  Ended run(String more, String... command) throws Exception {
    Container made = create("", more, command);
    CompletableFuture<Integer> end = engine.await(made.id(), Engine.Condition.NEXT_EXIT);
    engine.start(made.id());
    return new Ended(made.id(), soon(end), output(made.id()));
  }

  record Ended(String id, int code, String output) {}

  static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  static void until(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what);
      }
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }
  }

  /** What a container has written so far. */
  String output(String id) {
    StringBuilder text = new StringBuilder();
    engine
        .logs(id)
        .read(
            new LogQuery(
                true, true, Optional.empty(), Optional.empty(), OptionalLong.empty(), false),
            () -> false,
            line -> {
              text.append(StandardCharsets.UTF_8.decode(line.content()));
              return true;
            });
    return text.toString();
  }

  /** What an attached client sees up to the end. */
  static String pump(Attachment attachment) {
    StringBuilder text = new StringBuilder();
    try (attachment) {
      attachment.pump(
          (stream, bytes) -> text.append(StandardCharsets.UTF_8.decode(bytes.duplicate())));
    }
    return text.toString();
  }

  void removeAll() {
    for (Container container : engine.containers()) {
      try {
        engine.remove(container.id(), true, true);
      } catch (dev.kemas.fault.Fault.NotFound gone) {
        // it removed itself
        continue;
      }
    }
  }

  /** Lets go as at a stop of the daemon; containers run on. */
  @Override
  public void close() {
    engine.close();
    networks.close();
    snapshots.close();
    blobs.close();
    records.close();
  }

  /** Removes everything and tells what is left on the machine all the same. */
  List<String> destroy() {
    removeAll();
    until("nothing mounted", () -> MountTable.read().beneath(data.resolve("containers")).isEmpty());
    until("no folder is left", () -> isEmpty(data.resolve("containers")));
    networks.settle();
    volumes.list().forEach(v -> volumes.release(v.name()));
    engine.close();
    networks.destroy();
    networks.close();
    snapshots.close();
    blobs.close();
    records.close();
    NetworkNamespace.remove(folder.resolve("host"));
    return leftovers(folder);
  }

  private static boolean isEmpty(Path path) {
    try (Stream<Path> list = Files.list(path)) {
      return list.findAny().isEmpty();
    } catch (java.nio.file.NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Mounts, processes and cgroups of this folder's engine. */
  static List<String> leftovers(Path folder) {
    List<String> left = new ArrayList<>();
    MountTable.read().beneath(folder).forEach(m -> left.add("mount " + m.target()));
    Set<Long> own = new HashSet<>(Set.of(ProcessHandle.current().pid()));
    ProcessHandle.allProcesses()
        .filter(p -> !own.contains(p.pid()))
        .forEach(p -> {
          try {
            String line =
                Files.readString(
                    Path.of("/proc/" + p.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
            if (line.contains(folder.toString()) && !line.contains("java")) {
              left.add("process " + p.pid() + " " + line.replace('\0', ' '));
            }
          } catch (IOException ended) {
            // gone meanwhile
          }
        });
    String cgroup = "kemas-" + instance(folder);
    try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      for (Path hierarchy :
          Stream.concat(Stream.of(Path.of("/sys/fs/cgroup")), hierarchies).toList()) {
        if (Files.exists(hierarchy.resolve(cgroup))) {
          left.add("cgroup " + hierarchy.resolve(cgroup));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return left;
  }
}
