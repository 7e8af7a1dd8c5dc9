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
    return new BuildRequest(
        context,
        path,
        tags,
        buildArguments,
        labels,
        target,
        platform,
        noCache,
        pull,
        network,
        extraHosts,
        resources,
        shmSize,
        logins);
  }

  /** The same with names. */
  public BuildRequest withTags(List<Reference> names) {
    return new BuildRequest(
        context,
        dockerfile,
        names,
        buildArguments,
        labels,
        target,
        platform,
        noCache,
        pull,
        network,
        extraHosts,
        resources,
        shmSize,
        logins);
  }

  /** The same with build arguments. */
  public BuildRequest withBuildArguments(Map<String, String> arguments) {
    return new BuildRequest(
        context,
        dockerfile,
        tags,
        arguments,
        labels,
        target,
        platform,
        noCache,
        pull,
        network,
        extraHosts,
        resources,
        shmSize,
        logins);
  }

  /** The same with labels. */
  public BuildRequest withLabels(SortedMap<String, String> more) {
    return new BuildRequest(
        context,
        dockerfile,
        tags,
        buildArguments,
        more,
        target,
        platform,
        noCache,
        pull,
        network,
        extraHosts,
        resources,
        shmSize,
        logins);
  }

  /** The same up to another stage. */
  public BuildRequest withTarget(String stage) {
    return new BuildRequest(
        context,
        dockerfile,
        tags,
        buildArguments,
        labels,
        stage,
        platform,
        noCache,
        pull,
        network,
        extraHosts,
        resources,
        shmSize,
        logins);
  }

  /** The same for another platform. */
  public BuildRequest withPlatform(Platform wanted) {
    return new BuildRequest(
        context,
        dockerfile,
        tags,
        buildArguments,
        labels,
        target,
        wanted,
        noCache,
        pull,
        network,
        extraHosts,
        resources,
        shmSize,
        logins);
  }

  /** The same, done anew or not, with newer bases or not. */
  public BuildRequest withFreshness(boolean ignoreCache, boolean pullBases) {
    return new BuildRequest(
        context,
        dockerfile,
        tags,
        buildArguments,
        labels,
        target,
        platform,
        ignoreCache,
        pullBases,
        network,
        extraHosts,
        resources,
        shmSize,
        logins);
  }

  /** The same with this network and these hosts for RUN. */
  public BuildRequest withNetwork(String mode, List<String> hosts) {
    return new BuildRequest(
        context,
        dockerfile,
        tags,
        buildArguments,
        labels,
        target,
        platform,
        noCache,
        pull,
        mode,
        hosts,
        resources,
        shmSize,
        logins);
  }

  /** The same with limits for RUN. */
  public BuildRequest withLimits(Resources limits, long sharedMemory) {
    return new BuildRequest(
        context,
        dockerfile,
        tags,
        buildArguments,
        labels,
        target,
        platform,
        noCache,
        pull,
        network,
        extraHosts,
        limits,
        sharedMemory,
        logins);
  }

  /** The same with logins for registries. */
  public BuildRequest withLogins(Map<String, RegistryLogin> byHost) {
    return new BuildRequest(
        context,
        dockerfile,
        tags,
        buildArguments,
        labels,
        target,
        platform,
        noCache,
        pull,
        network,
        extraHosts,
        resources,
        shmSize,
        byHost);
  }
}
