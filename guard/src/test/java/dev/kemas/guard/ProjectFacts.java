package dev.kemas.guard;

import dev.kemas.dockerfile.CheckInputs;
import dev.kemas.dockerfile.CheckSettings;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.Instruction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Facts of a golden case, one a line:
 *
 * <pre>
 * file PATH MEGABYTES [HEAD]     a file of the context; HEAD with Java's escapes
 * text PATH TEXT                 a small file of the context
 * layer LINE MEGABYTES           a layer made by the instruction of that line
 * in LINE PATH MEGABYTES [TEXT]  a file of that layer
 * config PLACE_ TEXT             underscores for blanks
 * secret ID VALUE
 * base STAGE K=V ...             the environment of a stage's base image
 * driver TEXT                    as /proc/driver/nvidia/version shows it
 * target NAME | arg K=V | check SETTINGS | context NAME
 * </pre>
 */
final class ProjectFacts implements ContextFacts {
  private record Stored(long bytes, byte[] head) {}

  private final Dockerfile dockerfile;
  private final Map<String, Stored> context = new TreeMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private final Map<Integer, Long> layers = new TreeMap<>();
  private final Map<Integer, Map<String, Stored>> layerFiles = new HashMap<>();
  private final List<ConfigText> config = new ArrayList<>();
  private final List<SecretValue> secrets = new ArrayList<>();
  private final Map<Integer, BaseFacts> bases = new HashMap<>();
  private final Map<String, String> arguments = new HashMap<>();
  private final Set<String> contexts = new HashSet<>();
  private Optional<NvidiaDriver> driver = Optional.empty();
  private String target = "";

  private ProjectFacts(Dockerfile dockerfile) {
    this.dockerfile = dockerfile;
  }

  static ProjectFacts read(Dockerfile dockerfile, Path file) throws IOException {
    ProjectFacts facts = new ProjectFacts(dockerfile);
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          facts.line(line);
        }
      }
    }
    return facts;
  }

  private void line(String line) {
    String[] words = line.split(" ", -1);
    String rest = line.substring(line.indexOf(' ') + 1);
    switch (words[0]) {
      case "file" -> context.put(words[1], stored(line, words, 2));
      case "text" -> {
        String text = rest.substring(rest.indexOf(' ') + 1).translateEscapes();
        texts.put(words[1], text);
        context.put(words[1], new Stored(text.length(), bytes(text)));
      }
      case "layer" -> layers.put(Integer.parseInt(words[1]), megabytes(words[2]));
      case "in" ->
          layerFiles
              .computeIfAbsent(Integer.parseInt(words[1]), k -> new TreeMap<>())
              .put(words[2], stored(line, words, 3));
      case "config" ->
          config.add(
              new ConfigText(words[1].replace('_', ' '), rest.substring(rest.indexOf(' ') + 1)));
      case "secret" ->
          secrets.add(
              new SecretValue(
                  words[1], bytes(rest.substring(rest.indexOf(' ') + 1).translateEscapes())));
      case "base" -> {
        Map<String, String> environment = new HashMap<>();
        for (String pair : List.of(words).subList(2, words.length)) {
          environment.put(
              pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        bases.put(Integer.parseInt(words[1]), new BaseFacts(environment, Map.of()));
      }
      case "driver" -> driver = Optional.of(NvidiaDriver.of(rest).orElseThrow());
      case "target" -> target = rest;
      case "arg" ->
          arguments.put(
              rest.substring(0, rest.indexOf('=')), rest.substring(rest.indexOf('=') + 1));
      case "check" -> arguments.put(CheckSettings.ARGUMENT, rest);
      case "context" -> contexts.add(rest);
      default -> throw new IllegalArgumentException("no such fact: " + line);
    }
  }

  private static Stored stored(String line, String[] words, int at) {
    String size = words[at];
    int head = line.indexOf(" " + size + " ", line.indexOf(words[at - 1]));
    String text = head < 0 ? "" : line.substring(head + size.length() + 2).translateEscapes();
    return new Stored(megabytes(size), bytes(text));
  }

  private static long megabytes(String text) {
    return (long) (Double.parseDouble(text) * 1_000_000);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  CheckSettings settings() {
    return new CheckInputs(
            arguments,
            target,
            Map.of(),
            Optional.empty(),
            contexts,
            (name, platform) -> Optional.empty())
        .settings(dockerfile.directives());
  }

  BeforeBuild before() {
    return new BeforeBuild(dockerfile, this, target, arguments, contexts, bases, driver);
  }

  AfterBuild after() {
    List<LayerFacts> facts = new ArrayList<>();
    layers.forEach((line, bytes) -> {
      Map<String, Stored> files = layerFiles.getOrDefault(line, Map.of());
      facts.add(new LayerFacts(instruction(line), bytes, visitor -> walk(files, visitor)));
    });
    return new AfterBuild(dockerfile, facts, config, secrets);
  }

  private static void walk(Map<String, Stored> files, LayerFiles.Visitor visitor)
      throws IOException {
    for (Map.Entry<String, Stored> file : files.entrySet()) {
      Stored stored = file.getValue();
      visitor.file(
          file.getKey(),
          Math.max(stored.bytes, stored.head.length),
          () -> new ByteArrayInputStream(stored.head));
    }
  }

  private Instruction instruction(int line) {
    return dockerfile.stages().stream()
        .flatMap(stage -> stage.instructions().stream())
        .filter(i -> i.range().startLine() == line)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no instruction at line " + line));
  }

  @Override
  public void files(Consumer<ContextFile> each) {
    context.forEach((path, stored) -> each.accept(new ContextFile(path, stored.bytes)));
  }

  @Override
  public byte[] head(String path, int most) {
    return context.get(path).head;
  }

  @Override
  public Optional<String> text(String path) {
    return Optional.ofNullable(texts.get(path));
  }
}
