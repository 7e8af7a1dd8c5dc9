package dev.kemas.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A folder of {@code src/test/cases}: a Dockerfile with its context and, in {@code expect.yaml},
 * what is expected. The keys, none of them needed, are described in {@code cases/README.md}.
 */
record DoorCase(Path folder, Map<String, Object> expected) {
  private static final Path CASES = Path.of("src/test/cases");
  private static final String EXPECTED = "expect.yaml";
  private static final List<String> KEYS =
      List.of(
          "options",
          "environment",
          "prepare",
          "doors",
          "because",
          "prints",
          "image",
          "fails",
          "dockerd");

  /** One of the ways into the builder. */
  enum Door {
    KEMAS,
    CLASSIC,
    BUILDX
  }

  static Stream<DoorCase> all() throws IOException {
    String only = System.getProperty("kemas.cases", "");
    List<Path> folders;
    try (Stream<Path> files = Files.list(CASES)) {
      folders = files.filter(Files::isDirectory).sorted().toList();
    }
    if (folders.isEmpty()) {
      throw new IllegalStateException("no case in " + CASES.toAbsolutePath());
    }
    return folders.stream()
        .filter(folder -> folder.getFileName().toString().startsWith(only))
        .map(DoorCase::read);
  }

  private static DoorCase read(Path folder) {
    Path file = folder.resolve(EXPECTED);
    if (!Files.exists(file)) {
      return new DoorCase(folder, Map.of());
    }
    try (var reader = Files.newBufferedReader(file)) {
      Map<String, Object> expected =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
      for (String key : expected.keySet()) {
        if (!KEYS.contains(key)) {
          throw new IllegalStateException(file + ": no key is called " + key);
        }
      }
      return new DoorCase(folder, expected);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  String name() {
    return folder.getFileName().toString();
  }

  /** The tag of what it makes. */
  String tag(String suffix) {
    return "case-" + name() + ":" + suffix;
  }

  /** Makes its context in an empty folder; what it has served lies in another. */
  void prepare(Path context, Path served) throws IOException, InterruptedException {
    Command.of("cp", "-a", folder + "/.", context.toString()).run().expect(0);
    Files.deleteIfExists(context.resolve(EXPECTED));
    // whatever the umask of the checkout was
    Command.of("chmod", "-R", "u=rwX,go=rX", context.toString()).run().expect(0);
    Optional<String> script = text("prepare");
    if (script.isPresent()) {
      Command.of("env", "SERVED=" + served, "sh", "-euc", script.get()).run(context).expect(0);
    }
  }

  /** The doors that can do it; all but where it says why not. */
  List<Door> doors() {
    if (!expected.containsKey("doors")) {
      return List.of(Door.values());
    }
    if (text("because").isEmpty()) {
      throw new IllegalStateException(name() + " has doors, and no reason: because");
    }
    return strings("doors").stream().map(d -> Door.valueOf(d.toUpperCase(Locale.ROOT))).toList();
  }

  Optional<String> text(String key) {
    return Optional.ofNullable(expected.get(key)).map(String::valueOf);
  }

  List<String> strings(String key) {
    return expected.get(key) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  /** What each door's client has in its environment. */
  Map<String, String> environment() {
    Map<String, String> variables = new TreeMap<>();
    map("environment")
        .forEach((name, value) -> variables.put(String.valueOf(name), String.valueOf(value)));
    return variables;
  }

  /** The values of a key that has names and values. */
  Map<?, ?> map(String key) {
    return expected.get(key) instanceof Map<?, ?> map ? map : Map.of();
  }

  @Override
  public String toString() {
    return name();
  }
}
