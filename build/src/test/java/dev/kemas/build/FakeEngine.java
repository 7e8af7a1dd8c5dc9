package dev.kemas.build;

import dev.kemas.build.explain.BuildMemory;
import dev.kemas.fault.Fault;
import dev.kemas.guard.LayerFiles;
import dev.kemas.guard.LayerFolder;
import dev.kemas.image.Attestation;
import dev.kemas.image.Image;
import dev.kemas.image.ImageIndexes;
import dev.kemas.image.ImageList;
import dev.kemas.image.Layer;
import dev.kemas.image.NewImage;
import dev.kemas.image.PlatformImage;
import dev.kemas.image.Progress;
import dev.kemas.linux.RecordingMounter;
import dev.kemas.oci.ChainId;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Everything a build needs, in memory and in a temporary folder: layers are whole copies. */
final class FakeEngine
    implements Bases, Workspaces, Workspaces.Held, ImageSink, CacheIndex, Archives {
  final Path folder;
  final AtomicInteger begun = new AtomicInteger();
  final AtomicInteger viewed = new AtomicInteger();
  final AtomicInteger open = new AtomicInteger();
  final Map<String, String> baseConfigs = new ConcurrentHashMap<>();
  final List<String> unpacked = Collections.synchronizedList(new ArrayList<>());
  final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  final List<Attestation> attested = Collections.synchronizedList(new ArrayList<>());
  final Map<Digest, ImageConfig> stored = new ConcurrentHashMap<>();
  final Map<Digest, List<Descriptor>> manifests = new ConcurrentHashMap<>();
  final Map<String, Digest> tags = new ConcurrentHashMap<>();
  final Map<Digest, Entry> cache = new ConcurrentHashMap<>();
  final Map<Digest, Path> chains = new ConcurrentHashMap<>();
  final FakeExecutor executor = new FakeExecutor();
  final AtomicInteger seconds = new AtomicInteger();

  FakeEngine(Path folder) {
    this.folder = folder;
  }

  BuildServices services() {
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            return Instant.ofEpochSecond(1_700_000_000L + seconds.getAndIncrement());
          }

          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }
        };
    return new BuildServices(
        this,
        this,
        executor,
        this,
        this,
        this,
        new BuildMemory(folder.resolveSibling("explain")),
        StepParts.open(folder.resolve("steps"), new RecordingMounter(), clock),
        new Emulators(folder.resolveSibling("binfmt"), Platform.parse("linux/amd64")),
        folder.resolve("scratch"),
        clock);
  }

  @Override
  public Image find(String name, Platform platform, BuildRequest request, Progress progress) {
    asked.add(name + (request.freshness().pull() ? " pull" : ""));
    if (name.startsWith("nowhere")) {
      throw new Fault.NotFound("image", name, "No such image: " + name);
    }
    String layer = diffId(name).toString();
    String config =
        baseConfigs.getOrDefault(
            name,
            """
            {"architecture":"amd64","os":"linux","created":"2020-01-01T00:00:00Z",
             "config":{"Env":["PATH=/bin"]},
             "rootfs":{"type":"layers","diff_ids":["%s"]},
             "history":[{"created":"2020-01-01T00:00:00Z","created_by":"base %s"}]}
            """
                .formatted(layer, name));
    return TestImages.of(config);
  }

  private static Digest diffId(String name) {
    return Digest.of(name.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Held open(String purpose) {
    return this;
  }

  @Override
  public void close() {}

  @Override
  public void unpack(Image base) {
    unpacked.add(base.id().shortHex());
    if (!base.layers().isEmpty()) {
      chains.computeIfAbsent(base.layers().getLast().chainId(), this::baseFiles);
    }
  }

  private Path baseFiles(Digest chain) {
    try {
      Path root = Files.createDirectories(folder.resolve("base-" + chain.shortHex()));
      Files.createDirectories(root.resolve("etc"));
      Files.writeString(root.resolve("etc/passwd"), "root:x:0:0::/:\nuser:x:1000:1001::/home:\n");
      Files.writeString(root.resolve("etc/group"), "root:x:0:\nstaff:x:50:\n");
      return root;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean has(Layer layer) {
    return chains.containsKey(layer.chainId());
  }

  @Override
  public Layer above(Layer layer, Optional<Digest> parent) {
    Digest chain = ChainId.of(parent, layer.diffId());
    chains.computeIfAbsent(chain, missing -> chains.get(layer.chainId()));
    return new Layer(layer.diffId(), chain, layer.blob(), layer.size());
  }

  @Override
  public Workspace begin(Optional<Digest> parent) {
    begun.incrementAndGet();
    open.incrementAndGet();
    try {
      Path root = Files.createTempDirectory(folder, "workspace-");
      if (parent.isPresent()) {
        copy(chain(parent.get()), root);
      }
      String before = fingerprint(root);
      return new Workspace() {
        private boolean over;

        @Override
        public Path root() {
          return root;
        }

        @Override
        public Optional<Path> beside(String directory) {
          return Optional.empty();
        }

        @Override
        public void linkBeside(String first, String second) {
          throw new AssertionError("nothing lies beside");
        }

        @Override
        public Optional<Layer> commit(Finish finish) {
          String after = fingerprint(root);
          if (after.equals(before)) {
            return Optional.empty();
          }
          Digest diff = Digest.of((before + "->" + after).getBytes(StandardCharsets.UTF_8));
          Digest chain = ChainId.of(parent, diff);
          chains.put(chain, root);
          over = true;
          open.decrementAndGet();
          return Optional.of(
              new Layer(diff, chain, Descriptor.of(MediaType.OCI_LAYER, diff, 10), 10));
        }

        @Override
        public void close() {
          if (!over) {
            over = true;
            open.decrementAndGet();
            remove(root);
          }
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path chain(Digest chain) {
    return Optional.ofNullable(chains.get(chain))
        .orElseThrow(() -> new Fault.NotFound("snapshot", chain.toString(), "no " + chain));
  }

  @Override
  public View view(Optional<Digest> chain) {
    viewed.incrementAndGet();
    Path root = chain.map(this::chain).orElse(folder);
    return new View() {
      @Override
      public Path root() {
        return root;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public LayerFiles files(Layer layer) {
    return new LayerFolder(chain(layer.chainId()));
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.sorted().toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (!path.equals(from)) {
          Files.copy(
              path,
              target,
              StandardCopyOption.COPY_ATTRIBUTES,
              StandardCopyOption.REPLACE_EXISTING,
              LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }

  static void remove(Path root) {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Collections.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One line an entry: mode, owner, path, content. */
  static String fingerprint(Path root) {
    StringBuilder out = new StringBuilder();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted().toList()) {
        if (path.equals(root)) {
          continue;
        }
        Map<String, Object> unix =
            Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
        out.append(Integer.toOctalString((int) unix.get("mode")))
            .append(' ')
            .append(unix.get("uid"))
            .append(':')
            .append(unix.get("gid"))
            .append(" /")
            .append(root.relativize(path));
        if (Files.isSymbolicLink(path)) {
          out.append(" -> ").append(Files.readSymbolicLink(path));
        } else if (Files.isRegularFile(path)) {
          out.append(" = ")
              .append(Files.size(path) > 1000 ? "large" : Files.readString(path).strip());
        }
        out.append('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** The files of an image that was built. */
  String files(Digest image) {
    Digest chain = ChainId.of(stored.get(image).rootfs().diffIds()).orElseThrow();
    return fingerprint(chain(chain));
  }

  @Override
  public Image add(NewImage image) {
    Digest id = Digest.of(Json.write(image.config()));
    stored.put(id, image.config());
    manifests.put(id, image.layers().stream().map(Layer::blob).toList());
    image.tags().forEach(tag -> tag(id, tag));
    return TestImages.of(id, image.config(), image.layers());
  }

  @Override
  public ImageIndexes.Added add(ImageList list, ImageIndexes.Names names) {
    List<Image> added = new ArrayList<>();
    for (PlatformImage part : list.images()) {
      added.add(
          switch (part.content()) {
            case PlatformImage.Made(NewImage image) -> add(image);
            case PlatformImage.Here(Digest id) ->
                TestImages.of(id, Objects.requireNonNull(stored.get(id)), List.of());
          });
      attested.addAll(part.attestations().of(added.getLast().id()));
    }
    names.tags().forEach(name -> tag(added.getFirst().id(), name));
    return new ImageIndexes.Added(added.getFirst(), added.getFirst().manifest());
  }

  @Override
  public void tag(Digest id, Reference name) {
    tags.put(name.familiar(), id);
  }

  @Override
  public Optional<Entry> find(Digest key) {
    return Optional.ofNullable(cache.get(key));
  }

  @Override
  public void put(Digest key, Entry entry) {
    cache.put(key, entry);
  }

  @Override
  public boolean isArchive(InputStream content) {
    try {
      return new String(content.readNBytes(7), StandardCharsets.UTF_8).equals("ARCHIVE");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void unpack(InputStream archive, Path root, String directory) {
    try {
      String text = new String(archive.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(root.resolve("." + directory).resolve("unpacked"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs no process: a command writes its own text to /log, or does what a test says. */
  static final class FakeExecutor implements Executor {
    /** What a command does in place of being run; returns the exit code. */
    interface Behaviour {
      int run(Command command, Path root, Output output, Cancellation cancelled) throws Exception;
    }

    final List<String> commands = Collections.synchronizedList(new ArrayList<>());
    final List<Command> received = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Behaviour> behaviours = new HashMap<>();

    void on(String command, Behaviour behaviour) {
      behaviours.put(command, behaviour);
    }

    @Override
    public Ended run(
        Command command,
        Path root,
        Output output,
        Consumer<String> running,
        Cancellation cancelled) {
      String text = command.args().getLast();
      commands.add(text);
      received.add(command);
      running.accept(command.id());
      try {
        Behaviour behaviour = behaviours.get(text);
        if (behaviour != null) {
          return new Ended(behaviour.run(command, root, output, cancelled), Map.of());
        }
        byte[] line = ("ran " + text + "\n").getBytes(StandardCharsets.UTF_8);
        output.write(false, line, 0, line.length);
        Path log = root.resolve("log");
        Files.writeString(log, (Files.exists(log) ? Files.readString(log) : "") + text + ";");
        return new Ended(0, Map.of());
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
