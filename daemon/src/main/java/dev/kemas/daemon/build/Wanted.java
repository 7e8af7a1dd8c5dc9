package dev.kemas.daemon.build;

import dev.kemas.api.server.BuildBackend.More;
import dev.kemas.api.server.BuildBackend.Request;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.Context;
import dev.kemas.build.NamedContext;
import dev.kemas.build.OnFailure;
import dev.kemas.build.RemoteContexts;
import dev.kemas.buildkit.LayoutAddress;
import dev.kemas.daemon.image.Logins;
import dev.kemas.fault.Fault;
import dev.kemas.image.ImageService;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistryLogin;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the classic endpoint is asked for, in the builder's words. */
final class Wanted {
  private static final String IMAGE = "docker-image://";
  private static final String LOCAL = "local:";

  private final Request request;
  private final Lent lent;
  private final RemoteContexts remotes;
  private final Caches caches;
  private final ImageService images;
  private final OnFailure onFailure;

  Wanted(
      Request request,
      Lent lent,
      RemoteContexts remotes,
      Caches caches,
      ImageService images,
      OnFailure onFailure) {
    this.images = images;
    this.onFailure = onFailure;
    this.request = request;
    this.lent = lent;
    this.remotes = remotes;
    this.caches = caches;
  }

  Request request() {
    return request;
  }

  /**
   * The context behind the request's address.
   *
   * @throws Fault.InvalidArgument when that is none
   */
  Context remote() {
    boolean keepGitDirectory =
        request
            .buildArgs()
            .getOrDefault("BUILDKIT_CONTEXT_KEEP_GIT_DIR", Optional.empty())
            .filter(value -> value.equals("1") || value.equals("true"))
            .isPresent();
    return remotes
        .find(request.remote(), new RemoteContexts.Form(request.dockerfile(), keepGitDirectory))
        .orElseThrow(() ->
            new Fault.InvalidArgument(
                "remoteURL (%s) could not be recognized as URL: want the address of a git"
                        .formatted(request.remote())
                    + " repository, or http:// or https://"));
  }

  /** What the client lends. */
  static BuildRequest.Access access(Request request, Lent lent) {
    return new BuildRequest.Access(logins(request), lent.secrets(), lent.agents());
  }

  /**
   * The request.
   *
   * @throws Fault.InvalidArgument for what does not exist or cannot be read
   */
  BuildRequest of(Context context) {
    Map<String, String> arguments = new TreeMap<>();
    request.buildArgs().forEach((name, value) -> value.ifPresent(v -> arguments.put(name, v)));
    List<Reference> tags = request.tags().stream().map(Reference::parse).toList();
    More more = request.more();
    BuildRequest wanted =
        BuildRequest.of(context)
            .withDockerfile(request.dockerfile())
            .withContexts(contexts(more.contexts()))
            .withTags(tags)
            .withBuildArguments(arguments)
            .withLabels(new TreeMap<>(request.labels()))
            .withTarget(request.target())
            .withPlatforms(
                request.platforms().isEmpty() ? List.of(Platform.host()) : request.platforms())
            .withFreshness(
                new BuildRequest.Freshness(request.noCache(), more.noCacheStages(), request.pull()))
            .withSteps(
                new BuildRequest.Steps(
                    request.networkMode().isEmpty() ? "default" : request.networkMode(),
                    request.extraHosts(),
                    request.resources(),
                    request.shmSize().orElse(0),
                    entitlements(more.allowed())))
            .withAccess(access(request, lent))
            .withCaches(caches.of(more))
            .withOnFailure(onFailure);
    if (!more.project().isEmpty()) {
      wanted = wanted.withProject(more.project());
    }
    return new Places(images, tags, lent, wanted).of(more);
  }

  private Map<String, NamedContext> contexts(Map<String, String> named) {
    Map<String, NamedContext> contexts = new TreeMap<>();
    named.forEach((name, value) -> {
      if (value.startsWith(IMAGE)) {
        contexts.put(name, new NamedContext.Image(value.substring(IMAGE.length())));
      } else if (value.startsWith(LOCAL)) {
        contexts.put(name, new NamedContext.Files(lent.folder(value.substring(LOCAL.length()))));
      } else if (value.startsWith(LayoutAddress.SCHEME)) {
        LayoutAddress address = LayoutAddress.parse(value);
        contexts.put(
            name, new NamedContext.Stored(name + "@" + address.manifest(), lent.layout(address)));
      } else {
        contexts.put(
            name,
            new NamedContext.Files(
                remotes
                    .find(value, RemoteContexts.Form.FURTHER)
                    .orElseThrow(() ->
                        new Fault.InvalidArgument(
                            "the build context %s=%s is none: want an address or %sNAME"
                                .formatted(name, value, IMAGE)))));
      }
    });
    return contexts;
  }

  private static Set<BuildRequest.Entitlement> entitlements(List<String> names) {
    Set<BuildRequest.Entitlement> allowed = EnumSet.noneOf(BuildRequest.Entitlement.class);
    for (String name : names) {
      allowed.add(
          switch (name.split("=", 2)[0]) {
            case "network.host" -> BuildRequest.Entitlement.NETWORK_HOST;
            case "security.insecure" -> BuildRequest.Entitlement.SECURITY_INSECURE;
            case "device" -> BuildRequest.Entitlement.DEVICE;
            default ->
                throw new Fault.InvalidArgument(
                    "unknown entitlement \""
                        + name
                        + "\": use network.host, security.insecure or device");
          });
    }
    return allowed;
  }

  private static BuildRequest.Logins logins(Request request) {
    Map<String, RegistryLogin> logins = new TreeMap<>();
    request
        .logins()
        .forEach((host, login) -> logins.put(RegistryClient.domain(host), Logins.of(login)));
    return host -> logins.getOrDefault(host, RegistryLogin.ANONYMOUS);
  }
}
