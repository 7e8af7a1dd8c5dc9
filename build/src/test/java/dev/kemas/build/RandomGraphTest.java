package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random graphs of stages, solved with all that the solver has (cache, stages at the same time,
 * builds at the same time), against an evaluator that does one step after the other. The seed is in
 * the test's name.
 */
@Timeout(300)
class RandomGraphTest {
  private static final int GRAPHS = 25;
  private static final int CHANGES = 4;

  @TempDir Path temp;

  /** A stage: what it begins with, and its steps. */
  private record Stage(String base, List<String> steps) {}

  static IntStream seeds() {
    return new Random().ints(GRAPHS);
  }

  private static List<Stage> graph(Random random) {
    List<Stage> stages = new ArrayList<>();
    int count = 2 + random.nextInt(7);
    for (int i = 0; i < count; i++) {
      String base = i > 0 && random.nextInt(3) == 0 ? "s" + random.nextInt(i) : "base";
      List<String> steps = new ArrayList<>();
      int length = 1 + random.nextInt(5);
      for (int j = 0; j < length; j++) {
        steps.add(step(random, i));
      }
      stages.add(new Stage(base, steps));
    }
    return stages;
  }

  private static String step(Random random, int stage) {
    if (stage > 0 && random.nextInt(2) == 0) {
      int from = random.nextInt(stage);
      return "COPY --from=s%d /etc /from%d".formatted(from, from);
    }
    return switch (random.nextInt(3)) {
      case 0 -> "COPY f%d /etc/".formatted(random.nextInt(3));
      case 1 -> "ENV A%d=%d".formatted(random.nextInt(3), random.nextInt(9));
      default -> "RUN r%d".formatted(random.nextInt(4));
    };
  }

  /** The files of the last stage, by path, as one step after the other gives them. */
  private static SortedMap<String, String> evaluate(
      List<Stage> stages, Map<String, String> context) {
    Map<String, SortedMap<String, String>> done = new TreeMap<>();
    SortedMap<String, String> files = new TreeMap<>();
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      files = new TreeMap<>(done.getOrDefault(stage.base(), new TreeMap<>()));
      for (String step : stage.steps()) {
        String[] words = step.split(" ", -1);
        if (words[0].equals("RUN")) {
          files.merge("/log", words[1] + ";", String::concat);
        } else if (words[1].startsWith("--from=")) {
          for (Map.Entry<String, String> file :
              done.get(words[1].substring("--from=".length())).entrySet()) {
            if (file.getKey().startsWith("/etc/")) {
              files.put(words[3] + file.getKey().substring("/etc".length()), file.getValue());
            }
          }
        } else if (words[0].equals("COPY")) {
          files.put("/etc/" + words[1], context.get(words[1]));
        }
      }
      done.put("s" + i, files);
    }
    return files;
  }

  private static String dockerfile(List<Stage> stages) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < stages.size(); i++) {
      text.append("FROM ").append(stages.get(i).base()).append(" AS s").append(i).append('\n');
      stages.get(i).steps().forEach(step -> text.append(step).append('\n'));
    }
    // a stage that is nothing but another one is no image of its own
    return text.append("LABEL end=1\n").toString();
  }

  private static SortedMap<String, String> files(FakeEngine engine, Digest image) {
    SortedMap<String, String> files = new TreeMap<>();
    if (engine.stored.get(image).rootfs().diffIds().size() == 1) {
      return files; // nothing but its base, which then nobody unpacked
    }
    for (String line : engine.files(image).lines().toList()) {
      String[] parts = line.split(" ", 5);
      if (parts.length == 5
          && (parts[2].equals("/log") || parts[2].matches("/(etc|from\\d)/f\\d"))) {
        files.put(parts[2], parts[4]);
      }
    }
    return files;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyGraphGivesWhatOneStepAfterTheOtherGives(int seed) throws Exception {
    Random random = new Random(seed);
    Path folder = Files.createDirectories(temp.resolve("context"));
    FakeEngine engine = new FakeEngine(Files.createDirectories(temp.resolve("engine")));
    Builder builder = new Builder(engine.services());
    Map<String, String> context = new TreeMap<>();
    for (int i = 0; i < 3; i++) {
      put(folder, context, "f" + i, "first");
    }
    List<Stage> stages = new ArrayList<>(graph(random));
    for (int change = 0; change < CHANGES; change++) {
      Files.writeString(folder.resolve("Dockerfile"), dockerfile(stages));
      BuildRequest request = BuildRequest.of(folder).withFreshness(random.nextInt(4) == 0, false);
      List<CompletableFuture<Digest>> builds = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(3); i++) {
        builds.add(
            CompletableFuture.supplyAsync(
                () -> builder.build(request, event -> {}, new Cancellation()).id(),
                Thread::startVirtualThread));
      }
      for (CompletableFuture<Digest> build : builds) {
        assertThat(files(engine, build.get(60, TimeUnit.SECONDS)))
            .as("of\n%s", dockerfile(stages))
            .isEqualTo(evaluate(stages, context));
      }
      if (random.nextBoolean()) {
        put(folder, context, "f" + random.nextInt(3), "change " + change);
      } else {
        int at = random.nextInt(stages.size());
        List<String> steps = new ArrayList<>(stages.get(at).steps());
        steps.set(random.nextInt(steps.size()), step(random, at));
        stages.set(at, new Stage(stages.get(at).base(), steps));
      }
    }
    assertThat(engine.open).hasValue(0);
  }

  private static void put(Path folder, Map<String, String> context, String name, String text)
      throws IOException {
    Files.writeString(folder.resolve(name), text);
    context.put(name, text);
  }
}
