package dev.kemas.buildkit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.Context;
import dev.kemas.build.NamedContext;
import dev.kemas.build.RemoteContexts;
import dev.kemas.container.Resources;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.Platform;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The Dockerfile frontend's attributes (BuildKit, frontend/dockerui) as a request to the builder.
 */
final class Frontend {
  private static final String UPLOAD = "http://buildkit-session/";
  private static final String INPUT = "input:";
  private final Attributes attributes;
  private final ClientSession session;
  private final ClientSessions sessions;
  private final Inputs inputs;
  private final RemoteContexts remotes;

  /** Results of other builds that this one uses, by the names that its attributes have for them. */
  interface Inputs {
    NamedContext get(String name);
  }

  /**
   * @param session of the client that asks
   * @param sessions for folders that another session lends
   * @param remotes contexts behind addresses
   */
  Frontend(
      Map<String, String> attributes,
      ClientSession session,
      ClientSessions sessions,
      Inputs inputs,
      RemoteContexts remotes) {
    this.attributes = new Attributes(attributes);
    this.session = session;
    this.sessions = sessions;
    this.inputs = inputs;
    this.remotes = remotes;
  }

  /**
   * Whether these are the attributes of the Dockerfile's frontend, under whatever name.
   *
   * @throws Fault.Unsupported for any other one
   */
  static void require(String frontend, Map<String, String> attributes) {
    String source = attributes.getOrDefault("source", "");
    boolean ours =
        frontend.equals("dockerfile.v0")
            || (frontend.equals("gateway.v0")
                && source.matches("(docker\\.io/)?docker/dockerfile(-upstream)?([:@].*)?"));
    if (!ours) {
      throw new Fault.Unsupported(
          "frontend "
              + (source.isEmpty() ? frontend : source)
              + " is not run here: builds are made from Dockerfiles");
    }
  }

  /** The path of the Dockerfile. */
  String filename() {
    return attributes.value("filename").filter(name -> !name.isEmpty()).orElse("Dockerfile");
  }

  /** The Dockerfile's folder. */
  DockerfileText dockerfile() {
    String address = attributes.text("context");
    String key = attributes.value("dockerfilekey").orElse("dockerfile");
    Context folder =
        address.isEmpty() || attributes.value("dockerfilekey").isPresent()
            ? folder(key)
            : remote(address);
    return new DockerfileText(folder, filename());
  }

  private Context folder(String name) {
    String other = attributes.text("localsessionid:" + name);
    return (other.isEmpty() ? session : sessions.get(other)).folder(name);
  }

  private Context remote(String address) {
    if (address.startsWith(UPLOAD)) {
      return session.upload(address);
    }
    return remotes
        .find(address, new RemoteContexts.Form(filename(), keepsGitDirectory()))
        .orElseThrow(() ->
            new Fault.InvalidArgument(
                "invalid context \"%s\": want the address of a git repository, or http:// or https://"
                    .formatted(address)));
  }

  private boolean keepsGitDirectory() {
    return Set.of("1", "t", "true")
        .contains(
            attributes.text("build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR").toLowerCase(Locale.ROOT));
  }

  /** What is asked for, with no place for the result yet. */
  BuildRequest request(DockerfileText dockerfile) {
    String address = attributes.text("context");
    Context context =
        address.isEmpty()
            ? folder(attributes.value("contextkey").orElse("context"))
            : remote(address);
    String mode = attributes.text("image-resolve-mode");
    Optional<String> anew = attributes.value("no-cache");
    Map<String, String> arguments = attributes.below("build-arg:");
    return BuildRequest.of(context)
        .withDockerfile(dockerfile, filename())
        .withContexts(contexts())
        .withTarget(attributes.text("target"))
        .withPlatforms(platforms())
        .withBuildArguments(arguments)
        .withLabels(new TreeMap<>(attributes.below("label:")))
        .withFreshness(
            new BuildRequest.Freshness(
                anew.isPresent() && anew.get().isEmpty(),
                anew.isPresent() ? new HashSet<>(attributes.list("no-cache")) : Set.of(),
                mode.equals("pull")))
        .withEpoch(epoch(arguments))
        .withAccess(session.access());
  }

  /** The same with what RUNs may do. */
  BuildRequest request(DockerfileText dockerfile, List<String> entitlements) {
    String network = attributes.text("force-network-mode");
    return request(dockerfile)
        .withSteps(
            new BuildRequest.Steps(
                network.isEmpty() || network.equals("sandbox") ? "default" : network,
                hosts(),
                limits(),
                attributes.number("shm-size").orElse(0L),
                entitlements(entitlements)));
  }

  private static Set<BuildRequest.Entitlement> entitlements(List<String> names) {
    Set<BuildRequest.Entitlement> allowed = new HashSet<>();
    for (String name : names) {
      switch (name.split("=", 2)[0]) {
        case "network.host" -> allowed.add(BuildRequest.Entitlement.NETWORK_HOST);
        case "security.insecure" -> allowed.add(BuildRequest.Entitlement.SECURITY_INSECURE);
        case "device" -> allowed.add(BuildRequest.Entitlement.DEVICE);
        default -> throw new Fault.InvalidArgument("unknown entitlement \"" + name + "\"");
      }
    }
    return allowed;
  }

  private Map<String, NamedContext> contexts() {
    Map<String, NamedContext> contexts = new TreeMap<>();
    attributes
        .below("context:")
        .forEach(
            (name, value) -> contexts.put(name.toLowerCase(Locale.ROOT), context(name, value)));
    return contexts;
  }

  private NamedContext context(String name, String value) {
    if (value.startsWith("docker-image://")) {
      return new NamedContext.Image(value.substring("docker-image://".length()));
    }
    if (value.startsWith("local:")) {
      return new NamedContext.Files(folder(value.substring("local:".length())));
    }
    if (value.startsWith(LayoutAddress.SCHEME)) {
      LayoutAddress address = LayoutAddress.parse(value);
      return new NamedContext.Stored(name + "@" + address.manifest(), session.layout(address));
    }
    if (value.startsWith(INPUT)) {
      return inputs.get(value.substring(INPUT.length()));
    }
    if (value.startsWith(UPLOAD)) {
      return new NamedContext.Files(session.upload(value));
    }
    return remotes
        .find(value, RemoteContexts.Form.FURTHER)
        .map(NamedContext.Files::new)
        .orElseThrow(() ->
            new Fault.Unsupported(
                "a further context from %s is not known: use a folder, docker-image:// or an address"
                    .formatted(value)));
  }

  private List<Platform> platforms() {
    List<Platform> wanted = attributes.list("platform").stream().map(Platform::parse).toList();
    return wanted.isEmpty() ? List.of(Platform.host()) : wanted;
  }

  private static Optional<Instant> epoch(Map<String, String> arguments) {
    String text = arguments.getOrDefault("SOURCE_DATE_EPOCH", "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
    } catch (NumberFormatException e) {
      throw new Fault.InvalidArgument(
          "invalid SOURCE_DATE_EPOCH \"" + text + "\": want seconds since 1970", e);
    }
  }

  private List<String> hosts() {
    return attributes.list("add-hosts").stream()
        .map(entry -> {
          int equals = entry.indexOf('=');
          if (equals <= 0) {
            throw new Fault.InvalidArgument(
                "invalid host \"" + entry + "\" in add-hosts: want name=address");
          }
          return entry.substring(0, equals) + ":" + entry.substring(equals + 1);
        })
        .toList();
  }

  private Resources limits() {
    ObjectNode limits = Json.mapper().createObjectNode();
    attributes
        .value("cgroup-parent")
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> limits.put("CgroupParent", text));
    List<String> ulimits = attributes.list("ulimit");
    if (!ulimits.isEmpty()) {
      ArrayNode all = limits.putArray("Ulimits");
      for (String text : ulimits) {
        if (!text.matches("[a-z]+=-?\\d+(:-?\\d+)?")) {
          throw new Fault.InvalidArgument("invalid ulimit \"" + text + "\": want name=soft[:hard]");
        }
        String[] parts = text.split("[=:]", -1);
        all.addObject()
            .put("Name", parts[0])
            .put("Soft", Long.parseLong(parts[1]))
            .put("Hard", Long.parseLong(parts[parts.length - 1]));
      }
    }
    return Json.read(limits.toString(), Resources.class, "the limits of RUN");
  }

  /** What is asked instead of a build, such as {@code frontend.lint}; empty for a build. */
  String subrequest() {
    return attributes.text("requestid");
  }

  Attributes attributes() {
    return attributes;
  }
}
