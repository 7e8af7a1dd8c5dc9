package dev.kemas.build;

import dev.kemas.container.Resources;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryLogin;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What to build (Engine API, {@code POST /build}). Made by {@link #of} and changed by the {@code
 * with} methods.
 *
 * @param context the unpacked context; only read
 * @param dockerfile path of the Dockerfile in the context
 * @param tags names for the image
 * @param buildArguments those of {@code --build-arg} that have a value
 * @param labels put on the image
 * @param target a stage's name or number; empty for the last one
 * @param platform of the image
 * @param noCache whether each step is done anew
 * @param pull whether newer base images are looked for
 * @param network of RUN: {@code default}, {@code none}, {@code host} or a network's name
 * @param extraHosts {@code name:address} for RUN
 * @param resources limits of RUN
 * @param shmSize bytes of /dev/shm for RUN; 0 is the default
 * @param logins what to show registries, by their host; {@code docker.io} is Docker Hub's
 */
public record BuildRequest(
    Path context,
    String dockerfile,
    List<Reference> tags,
    Map<String, String> buildArguments,
    SortedMap<String, String> labels,
    String target,
    Platform platform,
    boolean noCache,
    boolean pull,
    String network,
    List<String> extraHosts,
    Resources resources,
    long shmSize,
    Map<String, RegistryLogin> logins) {
  private static final Resources UNLIMITED =
      dev.kemas.oci.Json.read("{}", Resources.class, "resources");

  public BuildRequest {
    tags = List.copyOf(tags);
    buildArguments = Map.copyOf(buildArguments);
    labels = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    extraHosts = List.copyOf(extraHosts);
    logins = Map.copyOf(logins);
  }

  /** A build of the context's {@code Dockerfile} for this machine, with every default. */
  public static BuildRequest of(Path context) {
    return new BuildRequest(
        context,
        "Dockerfile",
        List.of(),
        Map.of(),
        new TreeMap<>(),
        "",
        Platform.host(),
        false,
        false,
        "default",
        List.of(),
        UNLIMITED,
        0,
        Map.of());
  }

  /** The same with another Dockerfile. */
  public BuildRequest withDockerfile(String path) {
    return changed(d -> d.dockerfile = path);
  }

  /** The same with names. */
  public BuildRequest withTags(List<Reference> names) {
    return changed(d -> d.tags = names);
  }

  /** The same with build arguments. */
  public BuildRequest withBuildArguments(Map<String, String> arguments) {
    return changed(d -> d.buildArguments = arguments);
  }

  /** The same with labels. */
  public BuildRequest withLabels(SortedMap<String, String> more) {
    return changed(d -> d.labels = more);
  }

  /** The same up to another stage. */
  public BuildRequest withTarget(String stage) {
    return changed(d -> d.target = stage);
  }

  /** The same for another platform. */
  public BuildRequest withPlatform(Platform wanted) {
    return changed(d -> d.platform = wanted);
  }

  /** The same, done anew or not, with newer bases or not. */
  public BuildRequest withFreshness(boolean ignoreCache, boolean pullBases) {
    return changed(d -> {
      d.noCache = ignoreCache;
      d.pull = pullBases;
    });
  }

  /** The same with this network and these hosts for RUN. */
  public BuildRequest withNetwork(String mode, List<String> hosts) {
    return changed(d -> {
      d.network = mode;
      d.extraHosts = hosts;
    });
  }

  /** The same with limits for RUN. */
  public BuildRequest withLimits(Resources limits, long sharedMemory) {
    return changed(d -> {
      d.resources = limits;
      d.shmSize = sharedMemory;
    });
  }

  /** The same with logins for registries. */
  public BuildRequest withLogins(Map<String, RegistryLogin> byHost) {
    return changed(d -> d.logins = byHost);
  }

  /** What a {@code with} method changes before it is a record again. */
  private static final class Draft {
    Path context;
    String dockerfile;
    List<Reference> tags;
    Map<String, String> buildArguments;
    SortedMap<String, String> labels;
    String target;
    Platform platform;
    boolean noCache;
    boolean pull;
    String network;
    List<String> extraHosts;
    Resources resources;
    long shmSize;
    Map<String, RegistryLogin> logins;

    Draft(BuildRequest from) {
      context = from.context;
      dockerfile = from.dockerfile;
      tags = from.tags;
      buildArguments = from.buildArguments;
      labels = from.labels;
      target = from.target;
      platform = from.platform;
      noCache = from.noCache;
      pull = from.pull;
      network = from.network;
      extraHosts = from.extraHosts;
      resources = from.resources;
      shmSize = from.shmSize;
      logins = from.logins;
    }
  }

  private BuildRequest changed(Consumer<Draft> change) {
    Draft d = new Draft(this);
    change.accept(d);
    return new BuildRequest(
        d.context,
        d.dockerfile,
        d.tags,
        d.buildArguments,
        d.labels,
        d.target,
        d.platform,
        d.noCache,
        d.pull,
        d.network,
        d.extraHosts,
        d.resources,
        d.shmSize,
        d.logins);
  }
}
