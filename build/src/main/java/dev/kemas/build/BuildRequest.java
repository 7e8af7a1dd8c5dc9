package dev.kemas.build;

import dev.kemas.container.Resources;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryLogin;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What to build. Made by {@link #of} and changed by the {@code with} methods.
 *
 * @param sources where Dockerfile and files come from
 * @param goal what is wanted of them
 * @param freshness what must be done anew
 * @param steps what RUNs get
 * @param access what the client lends to the build
 * @param exports where the result goes; none: it only fills the cache
 * @param caches of other machines, to look in and to fill
 * @param epoch no file that the build makes is younger, and the image is of this time (the
 *     SOURCE_DATE_EPOCH of reproducible-builds.org); empty: times are as they come
 * @param project what tells builds of the same thing from others, to compare one with the one
 *     before: the folder of the sources, say; empty: the first name of the image, or nothing
 * @param onFailure is shown a RUN that failed
 */
public record BuildRequest(
    Sources sources,
    Goal goal,
    Freshness freshness,
    Steps steps,
    Access access,
    List<Export> exports,
    Caches caches,
    Optional<Instant> epoch,
    String project,
    OnFailure onFailure) {
  private static final Resources UNLIMITED = Json.read("{}", Resources.class, "resources");

  public BuildRequest {
    exports = List.copyOf(exports);
  }

  /** Whether somebody looks at a RUN that failed. */
  boolean showsFailures() {
    return !onFailure.equals(OnFailure.NOTHING);
  }

  /**
   * Where everything comes from.
   *
   * @param context the files
   * @param dockerfileFrom where the Dockerfile is, mostly the context itself
   * @param dockerfile its path there
   * @param named further contexts by their lower-case names
   */
  public record Sources(
      Context context, Context dockerfileFrom, String dockerfile, Map<String, NamedContext> named) {
    public Sources {
      named = Map.copyOf(named);
    }
  }

  /**
   * What is wanted.
   *
   * @param target a stage's name or number; empty for the last one
   * @param platforms of the image, at least one
   * @param buildArguments those of {@code --build-arg} that have a value
   * @param labels put on the image
   */
  public record Goal(
      String target,
      List<Platform> platforms,
      Map<String, String> buildArguments,
      SortedMap<String, String> labels) {
    public Goal {
      platforms = List.copyOf(platforms);
      buildArguments = Map.copyOf(buildArguments);
      labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }
  }

  /**
   * What is done anew.
   *
   * @param noCache every step
   * @param noCacheStages the steps of the stages of these names or numbers
   * @param pull whether newer base images are looked for
   */
  public record Freshness(boolean noCache, Set<String> noCacheStages, boolean pull) {
    public Freshness {
      noCacheStages = Set.copyOf(noCacheStages);
    }

    /** Whether the steps of this stage are done anew. */
    boolean ignoresCache(int index, String label) {
      return noCache
          || noCacheStages.contains(Integer.toString(index))
          || noCacheStages.stream().anyMatch(label::equalsIgnoreCase);
    }
  }

  /** What a build may ask for only when its client allows it. */
  public enum Entitlement {
    /** {@code RUN --network=host}. */
    NETWORK_HOST,
    /** {@code RUN --security=insecure}. */
    SECURITY_INSECURE,
    /** {@code RUN --device}. */
    DEVICE
  }

  /**
   * What RUNs get.
   *
   * @param network {@code default}, {@code none}, {@code host} or a network's name
   * @param extraHosts {@code name:address}
   * @param resources limits
   * @param shmSize bytes of /dev/shm; 0 is the default
   * @param entitlements what a Dockerfile may ask for besides
   */
  public record Steps(
      String network,
      List<String> extraHosts,
      Resources resources,
      long shmSize,
      Set<Entitlement> entitlements) {
    public Steps {
      extraHosts = List.copyOf(extraHosts);
      entitlements = Set.copyOf(entitlements);
    }
  }

  /** Finds what to show a registry. Safe for several threads. */
  @FunctionalInterface
  public interface Logins {
    /**
     * The login for a registry, {@link RegistryLogin#ANONYMOUS} where there is none.
     *
     * @param host with its port; {@code docker.io} is Docker Hub's
     */
    RegistryLogin find(String host);
  }

  /** What the client lends. */
  public record Access(Logins logins, Secrets secrets, SshAgents agents) {
    /** Nothing. */
    public static final Access NONE =
        new Access(host -> RegistryLogin.ANONYMOUS, Secrets.NONE, SshAgents.NONE);
  }

  /**
   * Caches of other machines.
   *
   * @param from where results are looked for that are not here, in this order
   * @param to where results are left
   */
  public record Caches(List<CacheSource> from, List<CacheTarget> to) {
    /** None. */
    public static final Caches NONE = new Caches(List.of(), List.of());

    public Caches {
      from = List.copyOf(from);
      to = List.copyOf(to);
    }
  }

  /** A build of a folder's {@code Dockerfile} for this machine, with every default. */
  public static BuildRequest of(Path folder) {
    return of(Context.folder(folder));
  }

  /** A build of the context's {@code Dockerfile} for this machine, with every default. */
  public static BuildRequest of(Context context) {
    return new BuildRequest(
        new Sources(context, context, "Dockerfile", Map.of()),
        new Goal("", List.of(Platform.host()), Map.of(), new TreeMap<>()),
        new Freshness(false, Set.of(), false),
        new Steps("default", List.of(), UNLIMITED, 0, Set.of()),
        Access.NONE,
        List.of(new StoreExport(List.of())),
        Caches.NONE,
        Optional.empty(),
        "",
        OnFailure.NOTHING);
  }

  /** The same with another Dockerfile of the same place. */
  public BuildRequest withDockerfile(String path) {
    return withDockerfile(sources.dockerfileFrom, path);
  }

  /** The same with a Dockerfile of another place. */
  public BuildRequest withDockerfile(Context from, String path) {
    return with(new Sources(sources.context, from, path, sources.named));
  }

  /** The same with further contexts, by name. */
  public BuildRequest withContexts(Map<String, NamedContext> named) {
    Map<String, NamedContext> lower = new TreeMap<>();
    named.forEach((name, context) -> lower.put(name.toLowerCase(Locale.ROOT), context));
    return with(new Sources(sources.context, sources.dockerfileFrom, sources.dockerfile, lower));
  }

  private BuildRequest with(Sources other) {
    return new BuildRequest(
        other, goal, freshness, steps, access, exports, caches, epoch, project, onFailure);
  }

  /** The same, put into the engine's images under these names. */
  public BuildRequest withTags(List<Reference> names) {
    BuildRequest tagged = withExports(List.of(new StoreExport(names)));
    return project.isEmpty() && !names.isEmpty()
        ? tagged.withProject(names.getFirst().withDefaultTag().toString())
        : tagged;
  }

  /** The same, delivered elsewhere. */
  public BuildRequest withExports(List<Export> places) {
    return new BuildRequest(
        sources, goal, freshness, steps, access, places, caches, epoch, project, onFailure);
  }

  /**
   * The same with build arguments. SOURCE_DATE_EPOCH among them is the build's epoch, too.
   *
   * @throws Fault.InvalidArgument when that is no number of seconds
   */
  public BuildRequest withBuildArguments(Map<String, String> arguments) {
    BuildRequest other = with(new Goal(goal.target, goal.platforms, arguments, goal.labels));
    String seconds = arguments.getOrDefault("SOURCE_DATE_EPOCH", "");
    if (seconds.isEmpty()) {
      return other;
    }
    if (!seconds.matches("[0-9]{1,12}")) {
      throw new Fault.InvalidArgument(
          "SOURCE_DATE_EPOCH must be a number of seconds since 1970, not \"%s\""
              .formatted(seconds));
    }
    return other.withEpoch(Optional.of(Instant.ofEpochSecond(Long.parseLong(seconds))));
  }

  /** The same with labels. */
  public BuildRequest withLabels(SortedMap<String, String> more) {
    return with(new Goal(goal.target, goal.platforms, goal.buildArguments, more));
  }

  /** The same up to another stage. */
  public BuildRequest withTarget(String stage) {
    return with(new Goal(stage, goal.platforms, goal.buildArguments, goal.labels));
  }

  /** The same for other platforms. */
  public BuildRequest withPlatforms(List<Platform> wanted) {
    return with(new Goal(goal.target, wanted, goal.buildArguments, goal.labels));
  }

  private BuildRequest with(Goal other) {
    return new BuildRequest(
        sources, other, freshness, steps, access, exports, caches, epoch, project, onFailure);
  }

  /** The same, done anew or not, with newer bases or not. */
  public BuildRequest withFreshness(boolean ignoreCache, boolean pullBases) {
    return withFreshness(new Freshness(ignoreCache, freshness.noCacheStages, pullBases));
  }

  /** The same with this done anew. */
  public BuildRequest withFreshness(Freshness other) {
    return new BuildRequest(
        sources, goal, other, steps, access, exports, caches, epoch, project, onFailure);
  }

  /** The same with this network and these hosts for RUN. */
  public BuildRequest withNetwork(String mode, List<String> hosts) {
    return withSteps(new Steps(mode, hosts, steps.resources, steps.shmSize, steps.entitlements));
  }

  /** The same with limits for RUN. */
  public BuildRequest withLimits(Resources limits, long sharedMemory) {
    return withSteps(
        new Steps(steps.network, steps.extraHosts, limits, sharedMemory, steps.entitlements));
  }

  /** The same with all this for RUN. */
  public BuildRequest withSteps(Steps other) {
    return new BuildRequest(
        sources, goal, freshness, other, access, exports, caches, epoch, project, onFailure);
  }

  /** The same with logins, secrets and agents of the client. */
  public BuildRequest withAccess(Access other) {
    return new BuildRequest(
        sources, goal, freshness, steps, other, exports, caches, epoch, project, onFailure);
  }

  /** The same as of another time. */
  public BuildRequest withEpoch(Optional<Instant> time) {
    return new BuildRequest(
        sources, goal, freshness, steps, access, exports, caches, time, project, onFailure);
  }

  /** The same as a build of this project. */
  public BuildRequest withProject(String name) {
    return new BuildRequest(
        sources, goal, freshness, steps, access, exports, caches, epoch, name, onFailure);
  }

  /** The same, with a look at a RUN that failed. */
  public BuildRequest withOnFailure(OnFailure look) {
    return new BuildRequest(
        sources, goal, freshness, steps, access, exports, caches, epoch, project, look);
  }

  /** The same with these caches of other machines. */
  public BuildRequest withCaches(Caches other) {
    return new BuildRequest(
        sources, goal, freshness, steps, access, exports, other, epoch, project, onFailure);
  }
}
