package dev.kemas.build.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.LintResult;
import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden folders: {@code Dockerfile}, optionally {@code request} (lines {@code arg A=b}, {@code
 * label A=b}, {@code target X}, {@code network X}) and {@code bases.json} (name to image
 * configuration); {@code expected} is the printed plan or the error. Run with {@code
 * -Dgolden.update=true} to write it anew, then read the difference.
 */
class PlannerTest {
  private static final Platform AMD64 = Platform.of("linux", "amd64");

  static List<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(Path.of("src/test/resources/plans"))) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void plansWhatTheDockerfileSays(Path folder) throws IOException {
    Dockerfile dockerfile =
        Dockerfile.parse("Dockerfile", Files.readString(folder.resolve("Dockerfile")));
    String actual;
    try {
      actual = new Planner(dockerfile, request(folder), bases(folder)).plan().print();
    } catch (Fault fault) {
      actual = fault.getClass().getSimpleName() + ": " + fault.getMessage() + "\n";
    }
    Path expected = folder.resolve("expected");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(expected, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(expected));
  }

  @Test
  void knowsBeforehandWhichBasesItNeeds() {
    Dockerfile dockerfile =
        Dockerfile.parse(
            "Dockerfile",
            """
            ARG V=1
            FROM a:$V AS one
            FROM unused
            FROM one AS two
            COPY --from=tool:2 /x /x
            FROM b
            COPY --from=two /x /x
            COPY --from=0 /x /y
            """);
    assertThat(new Planner(dockerfile, plain(""), this::plain).bases())
        .extracting(BaseRequest::name)
        .containsExactlyInAnyOrder("a:1", "tool:2", "b");
  }

  @Test
  void aMissingBaseIsToldAsItIs() {
    Dockerfile dockerfile = Dockerfile.parse("Dockerfile", "FROM nowhere\n");
    assertThatThrownBy(() ->
            new Planner(
                    dockerfile,
                    plain(""),
                    wanted -> {
                      throw new Fault.NotFound("image", wanted.name(), "no such image");
                    })
                .plan())
        .isInstanceOf(Fault.NotFound.class);
  }

  @Test
  void equalOperationsOfTwoStagesStandOnce() {
    Dockerfile dockerfile =
        Dockerfile.parse(
            "Dockerfile",
            "FROM a AS x\nRUN same\nRUN more\nFROM a\nRUN same\nCOPY --from=x /f /f\n");
    Plan plan = new Planner(dockerfile, plain(""), this::plain).plan();
    assertThat(plan.graph().vertices()).hasSize(4);
  }

  @Test
  void aCheckLooksAtEachStageWithTheImagesItNames() {
    String text =
        """
        FROM base AS one
        ENV A=$FROM_BASE B=$NOT_THERE
        FROM other AS two
        COPY --chmod=999 a b
        """;
    Function<BaseRequest, Optional<Image>> bases =
        wanted ->
            Optional.of(
                TestImages.of(
                    "{\"architecture\":\"%s\",\"os\":\"linux\",\"config\":{\"Env\":[\"FROM_BASE=1\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}"
                        .formatted(wanted.name().equals("base") ? "amd64" : "arm64")));
    LintResult result = new PlanChecks(plain("")).check("Dockerfile", text, bases);
    assertThat(result.warnings())
        .extracting(LintResult.Warning::ruleName)
        .containsExactly("UndefinedVar", "InvalidBaseImagePlatform");
    assertThat(result.error().orElseThrow().message())
        .startsWith("dockerfile parse error on line 4: invalid chmod parameter");
    assertThat(result.error().orElseThrow().location().ranges()).hasSize(1);
  }

  @Test
  void aCheckAssumesNothingOfAnImageThatIsNotAtHand() {
    LintResult result =
        new PlanChecks(plain(""))
            .check(
                "Dockerfile",
                "FROM far AS one\nENV A=$MAYBE_THERE\nCMD a\nFROM one\nEXPOSE x\n",
                wanted -> Optional.empty());
    assertThat(result.warnings())
        .extracting(LintResult.Warning::ruleName)
        .containsExactly("JSONArgsRecommended");
    assertThat(result.error().orElseThrow().message())
        .isEqualTo("dockerfile parse error on line 5: invalid containerPort: x");
  }

  @Test
  void aCheckRefusesWhatNoImageCanBeCalled() {
    LintResult result =
        new PlanChecks(plain(""))
            .check("Dockerfile", "FROM a\n\nFROM UPPER\n", wanted -> Optional.empty());
    assertThat(result.error().orElseThrow().location().ranges())
        .containsExactly(
            new LintResult.Range(new LintResult.Position(3, 0), new LintResult.Position(3, 0)));
  }

  @Test
  void aFindingFailsThePlanWhereTheFileSaysSo() {
    Dockerfile dockerfile =
        Dockerfile.parse("Dockerfile", "# check=error=true\nFROM a AS x\nCMD b\nFROM a\n");
    assertThat(new Planner(dockerfile, plain(""), this::plain).plan().findings()).isEmpty();
    assertThatThrownBy(() -> new Planner(dockerfile, plain("x"), this::plain).plan())
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("lint violation found for rules: JSONArgsRecommended");
  }

  private PlanRequest plain(String target) {
    return new PlanRequest(
        Map.of(), new TreeMap<>(), target, AMD64, "default", Map.of(), Optional.empty());
  }

  private Image plain(BaseRequest wanted) {
    return TestImages.of(
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
            + Digest.of(wanted.name().getBytes(StandardCharsets.UTF_8))
            + "\"]}}");
  }

  private BaseResolver bases(Path folder) throws IOException {
    Path file = folder.resolve("bases.json");
    Map<String, String> known = new TreeMap<>();
    if (Files.exists(file)) {
      Json.mapper()
          .readTree(file.toFile())
          .properties()
          .forEach(entry -> known.put(entry.getKey(), entry.getValue().toString()));
    }
    return wanted ->
        known.containsKey(wanted.name()) ? TestImages.of(known.get(wanted.name())) : plain(wanted);
  }

  private static PlanRequest request(Path folder) throws IOException {
    Path file = folder.resolve("request");
    Map<String, String> arguments = new TreeMap<>();
    TreeMap<String, String> labels = new TreeMap<>();
    String target = "";
    String network = "default";
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      String[] words = line.split(" ", 2);
      String[] pair = words[1].split("=", 2);
      switch (words[0]) {
        case "arg" -> arguments.put(pair[0], pair[1]);
        case "label" -> labels.put(pair[0], pair[1]);
        case "target" -> target = words[1];
        case "network" -> network = words[1];
        default -> throw new IllegalArgumentException(line);
      }
    }
    return new PlanRequest(arguments, labels, target, AMD64, network, Map.of(), Optional.empty());
  }
}
