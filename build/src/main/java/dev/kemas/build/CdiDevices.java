package dev.kemas.build;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.dockerfile.Device;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.RuntimeSpec;
import dev.kemas.spec.SpecInput.HostDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Devices by the names that their vendors give them in files of the host (Container Device
 * Interface, SPEC.md). Files are read when a RUN asks, since vendors' tools write them at boot.
 * Safe for several threads.
 */
public final class CdiDevices {
  private final List<Path> folders;

  /**
   * Devices of these folders.
   *
   * @param folders of files; of two devices of one name, that of the later folder counts
   */
  public CdiDevices(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  /** Those where vendors' tools put them. */
  public static CdiDevices ofHost() {
    return new CdiDevices(List.of(Path.of("/etc/cdi"), Path.of("/var/run/cdi")));
  }

  /**
   * What devices add to a container.
   *
   * @param hooks of the runtime, by when they are run
   */
  public record Edits(
      List<HostDevice> nodes,
      List<RuntimeSpec.Mount> mounts,
      List<String> env,
      Optional<RuntimeSpec.Hooks> hooks) {
    /** Nothing. */
    public static final Edits NONE = new Edits(List.of(), List.of(), List.of(), Optional.empty());

    public Edits {
      nodes = List.copyOf(nodes);
      mounts = List.copyOf(mounts);
      env = List.copyOf(env);
    }
  }

  /** Edits while they are gathered. */
  private static final class Gathered {
    final List<HostDevice> nodes = new ArrayList<>();
    final List<RuntimeSpec.Mount> mounts = new ArrayList<>();
    final List<String> env = new ArrayList<>();
    final List<RuntimeSpec.Hook> prestart = new ArrayList<>();
    final List<RuntimeSpec.Hook> createRuntime = new ArrayList<>();
    final List<RuntimeSpec.Hook> createContainer = new ArrayList<>();
    final List<RuntimeSpec.Hook> startContainer = new ArrayList<>();
    final List<RuntimeSpec.Hook> poststart = new ArrayList<>();
    final List<RuntimeSpec.Hook> poststop = new ArrayList<>();

    Edits edits() {
      boolean none =
          Stream.of(prestart, createRuntime, createContainer, startContainer, poststart, poststop)
              .allMatch(List::isEmpty);
      return new Edits(
          nodes,
          mounts,
          env,
          none
              ? Optional.empty()
              : Optional.of(
                  new RuntimeSpec.Hooks(
                      createRuntime,
                      createContainer,
                      startContainer,
                      poststart,
                      poststop,
                      prestart)));
    }
  }

  /**
   * What these devices add.
   *
   * @throws Fault.NotFound when a required one is in no file, naming those that are
   */
  public Edits find(List<Device> wanted) {
    if (wanted.isEmpty()) {
      return Edits.NONE;
    }
    List<JsonNode> specs = specs();
    Gathered gathered = new Gathered();
    for (Device device : wanted) {
      boolean found = false;
      for (JsonNode spec : specs) {
        found |= add(spec, device.name(), gathered);
      }
      if (!found && device.required()) {
        throw new Fault.NotFound(
            "device",
            device.name(),
            "device %s is not on this host: %s"
                .formatted(
                    device.name(),
                    specs.isEmpty()
                        ? "there is no CDI file in " + folders
                        : "known are " + names(specs)));
      }
    }
    return gathered.edits();
  }

  private List<JsonNode> specs() {
    List<JsonNode> specs = new ArrayList<>();
    for (Path folder : folders.reversed()) {
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.sorted().toList()) {
          String name = file.toString();
          if (name.endsWith(".json")) {
            specs.add(Json.read(Files.readString(file), JsonNode.class, name));
          } else if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            specs.add(yaml(Files.readString(file), name));
          }
        }
      } catch (IOException e) {
        throw new Fault.Internal("cannot read %s: %s".formatted(folder, e.getMessage()), e);
      }
    }
    return specs;
  }

  private static JsonNode yaml(String text, String name) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(50);
    try {
      Object read = new Yaml(new SafeConstructor(options)).load(text);
      return Json.mapper().valueToTree(read);
    } catch (YAMLException | IllegalArgumentException e) {
      throw new Fault.InvalidArgument(
          "the devices in %s cannot be read: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static List<String> names(List<JsonNode> specs) {
    List<String> names = new ArrayList<>();
    for (JsonNode spec : specs) {
      spec.path("devices")
          .forEach(
              device -> names.add(spec.path("kind").asText() + "=" + device.path("name").asText()));
    }
    return names;
  }

  private static boolean add(JsonNode spec, String wanted, Gathered gathered) {
    String kind = spec.path("kind").asText();
    int equals = wanted.indexOf('=');
    String name = equals < 0 ? "*" : wanted.substring(equals + 1);
    if (!kind.equals(equals < 0 ? wanted : wanted.substring(0, equals))) {
      return false;
    }
    boolean found = false;
    for (JsonNode device : spec.path("devices")) {
      String called = device.path("name").asText();
      if (name.equals(called) || (name.equals("*") && !called.equals("all"))) {
        edit(device.path("containerEdits"), gathered);
        found = true;
      }
    }
    if (found) {
      edit(spec.path("containerEdits"), gathered);
    }
    return found;
  }

  private static void edit(JsonNode edits, Gathered gathered) {
    edits.path("env").forEach(variable -> gathered.env.add(variable.asText()));
    for (JsonNode node : edits.path("deviceNodes")) {
      String path = node.path("path").asText();
      String access = node.path("permissions").asText();
      gathered.nodes.add(
          HostNodes.of(
              Path.of(node.path("hostPath").asText(path)),
              path,
              access.isEmpty() ? "rwm" : access));
    }
    for (JsonNode mount : edits.path("mounts")) {
      List<String> options = texts(mount.path("options"));
      if (!options.contains("bind") && !options.contains("rbind")) {
        options.add("rbind");
      }
      gathered.mounts.add(
          RuntimeSpec.Mount.of(
              mount.path("containerPath").asText(),
              "bind",
              mount.path("hostPath").asText(),
              options.toArray(String[]::new)));
    }
    for (JsonNode hook : edits.path("hooks")) {
      hook(hook, gathered);
    }
  }

  private static void hook(JsonNode hook, Gathered gathered) {
    JsonNode timeout = hook.path("timeout");
    RuntimeSpec.Hook made =
        new RuntimeSpec.Hook(
            hook.path("path").asText(),
            texts(hook.path("args")),
            texts(hook.path("env")),
            timeout.isNumber() ? OptionalInt.of(timeout.asInt()) : OptionalInt.empty());
    String when = hook.path("hookName").asText();
    switch (when) {
      case "prestart" -> gathered.prestart.add(made);
      case "createRuntime" -> gathered.createRuntime.add(made);
      case "createContainer" -> gathered.createContainer.add(made);
      case "startContainer" -> gathered.startContainer.add(made);
      case "poststart" -> gathered.poststart.add(made);
      case "poststop" -> gathered.poststop.add(made);
      default -> throw new Fault.InvalidArgument("a device has the unknown hook " + when);
    }
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
