package dev.kemas.bootstrap;

import dev.kemas.fault.Fault;
import dev.kemas.image.Hold;
import dev.kemas.image.Image;
import dev.kemas.image.ImageService;
import dev.kemas.image.Images;
import dev.kemas.image.Layer;
import dev.kemas.image.Layers;
import dev.kemas.image.NewImage;
import dev.kemas.image.Progress;
import dev.kemas.linux.Directory;
import dev.kemas.linux.TreeUsage;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Platform;
import dev.kemas.oci.ProcessDefaults;
import dev.kemas.oci.Reference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Makes base images from the package mirror that the host itself is configured for, with mmdebstrap
 * or debootstrap; no registry is asked. Thread-safe.
 */
public final class Bootstrap {
  private static final String LABEL = "dev.kemas.bootstrap.";
  private static final String PATH =
      "PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final String PACKAGES = "packages";

  /** Held for reading while an image is made of the packages. */
  private final ReentrantReadWriteLock making = new ReentrantReadWriteLock();

  private final Layers layers;
  private final Images images;
  private final Path cache;
  private final Map<String, String> environment;
  private final Clock clock;
  private final Runnable tidy;
  private final Predicate<String> installed;

  Bootstrap(
      ImageService images,
      Path cache,
      Map<String, String> environment,
      Clock clock,
      Runnable tidy,
      Predicate<String> installed) {
    this.layers = images.layers();
    this.images = images.images();
    this.installed = installed;
    this.cache = cache;
    this.environment = environment;
    this.clock = clock;
    this.tidy = tidy;
  }

  /**
   * Opens it on these images. What an earlier process was making when it was killed is removed.
   *
   * @param cache a folder of its own for what may be thrown away: downloaded packages
   * @param environment of the process: proxies, SOURCE_DATE_EPOCH
   * @param tidy removes layers that no image has; called after what failed half-way
   * @throws Fault.Unavailable when something still works in there and does not end
   */
  public static Bootstrap open(
      ImageService images,
      Path cache,
      Map<String, String> environment,
      Clock clock,
      Runnable tidy) {
    WorkFolder.removeLeft(cache);
    return new Bootstrap(images, cache, environment, clock, tidy, Workshop::has);
  }

  /**
   * Makes an image and gives it the reference as its name.
   *
   * @param progress gets the tool's output as it comes
   * @throws Fault.InvalidArgument for a reference that cannot be made; the message lists those that
   *     can
   * @throws Fault.Unsupported when the tool is missing; the message names the package
   * @throws Fault.Unavailable when the mirror cannot be reached; the message names the source entry
   */
  public Image make(BootstrapRequest request, Progress progress) {
    Reference name = Reference.parse(request.reference()).withDefaultTag();
    Recipe recipe = Recipe.of(name, request.suite(), request.include());
    Platform host = Platform.host();
    if (request.platform().isPresent() && !request.platform().get().accepts(host)) {
      throw new Fault.Unsupported(
          "an image for "
              + request.platform().get()
              + " cannot be made on this "
              + host
              + " machine: its packages run programs while they are installed");
    }
    Spoken said = new Spoken(progress);
    boolean done = false;
    making.readLock().lock();
    try (WorkFolder folder = WorkFolder.in(cache);
        Hold hold = layers.hold("bootstrap of " + name.familiar())) {
      Image image =
          switch (recipe) {
            case Recipe.Busybox busybox -> busybox(hold, name, request, folder.path(), said);
            case Recipe.Debian debian -> debian(hold, name, debian, request, folder.path(), said);
          };
      done = true;
      return image;
    } catch (IOException e) {
      throw e.getCause() instanceof Fault fault
          ? fault
          : new Fault.Unavailable(
              "the making of " + name.familiar() + " breaks off: " + e.getMessage(), e);
    } finally {
      making.readLock().unlock();
      if (!done) {
        tidy.run();
      }
    }
  }

  /**
   * The downloaded packages that are kept for the next image.
   *
   * @param bytes on the disk
   * @param inUse whether an image is being made of them
   */
  public record Kept(long bytes, Instant since, boolean inUse) {}

  /** What is kept of downloads; empty where nothing is. */
  public Optional<Kept> kept() {
    Path packages = cache.resolve(PACKAGES);
    if (!Files.isDirectory(packages)) {
      return Optional.empty();
    }
    try (Directory folder = Directory.open(packages)) {
      return Optional.of(
          new Kept(
              TreeUsage.of(packages).bytes(),
              folder.stat().modified(),
              making.getReadLockCount() > 0));
    }
  }

  /**
   * Deletes the downloaded packages, unless an image is being made of them.
   *
   * @return bytes that the disk gains
   */
  public long dropKept() {
    if (!making.writeLock().tryLock()) {
      return 0;
    }
    try {
      long bytes = kept().map(Kept::bytes).orElse(0L);
      if (bytes > 0) {
        try (Directory folder = Directory.open(cache)) {
          folder.removeTree(PACKAGES);
        }
      }
      return bytes;
    } finally {
      making.writeLock().unlock();
    }
  }

  /** Tells what the tools say, on whose thread ever. */
  private static final class Spoken {
    private final Progress progress;
    private final ReentrantLock lock = new ReentrantLock();

    Spoken(Progress progress) {
      this.progress = progress;
    }

    void say(String line) {
      String text = line.startsWith("I: ") ? line.substring(3) : line;
      lock.lock();
      try {
        progress.status(AptSource.withoutCredentials(text));
      } finally {
        lock.unlock();
      }
    }
  }

  private Image busybox(Hold hold, Reference name, BootstrapRequest request, Path work, Spoken said)
      throws IOException {
    Instant time = epoch().orElse(Instant.EPOCH);
    BusyboxMaker maker = new BusyboxMaker(work, cache.resolve(PACKAGES), time, said::say);
    SortedMap<String, String> labels = labels("apt-get and dpkg-deb", "busybox-static");
    byte[] tar;
    if (request.mirror().isPresent() || request.suite().isPresent()) {
      MirrorPlan mirror = plan(request.suite().orElseGet(Bootstrap::hostSuite), request);
      tar = maker.make(mirror);
      labels.put(LABEL + "suite", mirror.suite());
    } else {
      tar = maker.make();
    }
    Layer layer = layers.add(hold, new ByteArrayInputStream(tar), Optional.empty());
    return record(name, layer, defaults(List.of("sh"), List.of(PATH), labels), "busybox-static");
  }

  private static MirrorPlan plan(String suite, BootstrapRequest request) {
    List<AptSource> sources = AptSources.read(Path.of("/etc/apt"));
    return MirrorPlan.of(sources, hostSuite(), suite, request.mirror());
  }

  private Image debian(
      Hold hold,
      Reference name,
      Recipe.Debian recipe,
      BootstrapRequest request,
      Path work,
      Spoken said)
      throws IOException {
    HostTrust trust =
        request.hostTrust() ? HostTrust.of(Path.of("/"), environment) : HostTrust.NONE;
    trust.remarks().forEach(said::say);
    MirrorPlan mirror = plan(recipe.suite(), request);
    DebianTool tool = DebianTool.of(installed);
    DebianMaker maker = new DebianMaker(tool, recipe, mirror, trust, work, cache.resolve(PACKAGES));
    Layer layer;
    try (Workshop making = maker.start(said::say)) {
      layer = unpack(hold, making, maker.system(making, now()), mirror);
    }
    SortedMap<String, String> labels = labels(tool.toString(), String.join(" ", packages(recipe)));
    labels.put(LABEL + "suite", recipe.suite());
    labels.put(LABEL + "components", components(mirror));
    labels.put(LABEL + "variant", recipe.slim() ? "slim" : "full");
    if (!trust.certificates().isEmpty()) {
      labels.put(
          LABEL + "host-certificates",
          trust.certificates().size()
              + " that the host trusts beside its distribution's, in"
              + " /usr/local/share/ca-certificates");
    }
    if (recipe.python() && trust.pipConfig().isPresent()) {
      labels.put(LABEL + "host-pip-configuration", "/etc/pip.conf");
    }
    ProcessDefaults defaults =
        recipe.python()
            ? defaults(
                List.of("python3"),
                List.of(
                    PATH,
                    "LANG=C.UTF-8",
                    "PYTHON_VERSION=" + maker.note("python-version").orElse("3")),
                labels)
            : defaults(List.of("bash"), List.of(PATH), labels);
    return record(name, layer, defaults, recipe.suite());
  }

  private Layer unpack(Hold hold, Workshop tool, InputStream tar, MirrorPlan mirror)
      throws IOException {
    Layer layer;
    try (tar) {
      layer = layers.add(hold, tar, Optional.empty());
    } catch (IOException | Fault e) {
      if (!tool.succeeded()) {
        throw mirror.failed(mirror.suite(), tool.complaints());
      }
      throw e;
    }
    if (!tool.succeeded()) {
      throw mirror.failed(mirror.suite(), tool.complaints());
    }
    return layer;
  }

  private static List<String> packages(Recipe.Debian recipe) {
    return Stream.concat(Stream.of("apt"), recipe.packages().stream()).toList();
  }

  private static String components(MirrorPlan mirror) {
    return String.join(
        " ", mirror.sources().stream().flatMap(s -> s.components().stream()).distinct().toList());
  }

  private SortedMap<String, String> labels(String tool, String packages) {
    SortedMap<String, String> labels = new TreeMap<>();
    labels.put(LABEL + "tool", tool);
    labels.put(LABEL + "packages", packages);
    labels.put(LABEL + "date", now().toString());
    labels.put(
        LABEL + "note",
        "made by kemas bootstrap from the package mirror of the host; not an image of a registry");
    return labels;
  }

  private Instant now() {
    return epoch().orElse(clock.instant()).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
  }

  /** SOURCE_DATE_EPOCH, as reproducible-builds.org has it. */
  private Optional<Instant> epoch() {
    String text = environment.getOrDefault("SOURCE_DATE_EPOCH", "");
    return text.matches("\\d{1,11}")
        ? Optional.of(Instant.ofEpochSecond(Long.parseLong(text)))
        : Optional.empty();
  }

  private static ProcessDefaults defaults(
      List<String> cmd, List<String> env, SortedMap<String, String> labels) {
    return new ProcessDefaults(
        Optional.empty(),
        new TreeMap<>(),
        env,
        Optional.empty(),
        Optional.of(cmd),
        new TreeMap<>(),
        Optional.empty(),
        labels,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  private Image record(Reference name, Layer layer, ProcessDefaults defaults, String what) {
    OffsetDateTime created = OffsetDateTime.ofInstant(now(), ZoneOffset.UTC);
    Platform platform = Platform.host();
    ImageConfig.History step =
        new ImageConfig.History(
            Optional.of(created),
            Optional.of("kemas bootstrap " + name.familiar()),
            Optional.empty(),
            Optional.of(what),
            false);
    ImageConfig config =
        new ImageConfig(
            Optional.of(created),
            Optional.empty(),
            platform.architecture(),
            platform.os(),
            platform.variant(),
            platform.osVersion(),
            Optional.of(defaults),
            ImageConfig.RootFs.of(List.of()),
            List.of(step),
            Optional.empty());
    return images.add(new NewImage(config, List.of(layer), Optional.empty(), List.of(name)));
  }

  private static String hostSuite() {
    try {
      for (String line : Files.readAllLines(Path.of("/etc/os-release"))) {
        if (line.startsWith("VERSION_CODENAME=")) {
          return line.substring("VERSION_CODENAME=".length()).replace("\"", "").strip();
        }
      }
      return "";
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot read /etc/os-release: " + e.getMessage(), e);
    }
  }
}
