package dev.kemas.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden folders: {@code Dockerfile}, optionally {@code request} with lines {@code arg A=b}, {@code
 * target X}, {@code ignore PATTERN}, {@code context NAME} and {@code base NAME PLATFORM ENV...}; a
 * base that is not named there has no environment and fits.
 */
class ChecksTest {
  private static final String PLATFORM = "linux/amd64";

  static List<Path> checks() {
    return Golden.cases("checks");
  }

  static List<Path> outlines() {
    return Golden.cases("outline");
  }

  @ParameterizedTest
  @MethodSource("checks")
  void findsWhatDockersBuildChecksFind(Path folder) {
    LintResult result =
        Checks.check("Dockerfile", Golden.read(folder, "Dockerfile"), inputs(folder));
    StringBuilder out = new StringBuilder();
    for (LintResult.Warning warning : result.warnings()) {
      out.append(
          "lint %s %s: %s%n"
              .formatted(lines(warning.location()), warning.ruleName(), warning.detail()));
    }
    result
        .error()
        .ifPresent(error ->
            out.append("error %s: %s%n".formatted(lines(error.location()), error.message())));
    Golden.check(folder, out.toString());
    assertThat(result.status()).isEqualTo(out.isEmpty() ? 0 : 1);
  }

  @ParameterizedTest
  @MethodSource("outlines")
  void tellsWhatATargetCanBeGiven(Path folder) {
    Dockerfile file = Dockerfile.parse("Dockerfile", Golden.read(folder, "Dockerfile"));
    Outline outline = Checks.outline(file, inputs(folder));
    StringBuilder out = new StringBuilder();
    out.append("target '%s' '%s'%n".formatted(outline.name(), outline.description()));
    outline
        .args()
        .forEach(arg ->
            out.append(
                "arg %d %s='%s' '%s'%n"
                    .formatted(
                        arg.range().startLine(), arg.name(), arg.value(), arg.description())));
    outline
        .secrets()
        .forEach(s ->
            out.append(
                "secret %d %s%s%n"
                    .formatted(s.range().startLine(), s.name(), s.required() ? " required" : "")));
    outline
        .ssh()
        .forEach(s ->
            out.append(
                "ssh %d %s%s%n"
                    .formatted(s.range().startLine(), s.name(), s.required() ? " required" : "")));
    outline
        .cache()
        .forEach(c -> out.append("cache %d %s%n".formatted(c.range().startLine(), c.id())));
    for (TargetList.Target target : TargetList.of(file).targets()) {
      out.append(
          "stage %d '%s' from %s%s%s '%s'%n"
              .formatted(
                  target.range().startLine(),
                  target.name(),
                  target.base(),
                  target.platform().map(p -> " for " + p).orElse(""),
                  target.isDefault() ? " default" : "",
                  target.description()));
    }
    Golden.check(folder, out.toString());
  }

  @Test
  void everyRuleHasAPageAndANameOfItsOwn() {
    assertThat(Rule.DOCKER).extracting(Rule::name).doesNotHaveDuplicates().hasSize(22);
    assertThat(Rule.DOCKER)
        .filteredOn(rule -> !rule.equals(Rule.INVALID_BASE_IMAGE_PLATFORM))
        .allSatisfy(rule ->
            assertThat(rule.url()).startsWith("https://docs.docker.com/go/dockerfile/rule/"));
  }

  @Test
  void everyRuleIsDocumented() {
    String text = Golden.read(Path.of("../docs"), "checks.md");
    assertThat(Rule.DOCKER)
        .allSatisfy(rule -> assertThat(text).contains("\n### " + rule.name() + "\n"));
  }

  @Test
  void everyRuleIsProvenByACase() {
    String found =
        checks().stream()
            .map(folder -> Golden.read(folder, "expected"))
            .collect(Collectors.joining());
    assertThat(Rule.DOCKER).allSatisfy(rule -> assertThat(found).contains(" " + rule.name() + ":"));
  }

  @Test
  void whatIsNotKnownOfABaseIsNotJudged() {
    Dockerfile file = Dockerfile.parse("Dockerfile", "FROM a\nRUN b\nWORKDIR $NOPE\n");
    assertThat(Checks.findings(file, CheckInputs.NONE))
        .extracting(lint -> lint.rule().name())
        .containsExactly("WorkdirRelativePath");
  }

  @Test
  void findingsFailABuildOnlyWhereAsked() {
    String text = "FROM scratch\nCMD b\n";
    Dockerfile plain = Dockerfile.parse("Dockerfile", text);
    List<Lint> findings = Checks.findings(plain, CheckInputs.NONE);
    Checks.enforce(plain, CheckInputs.NONE, findings);
    Dockerfile strict = Dockerfile.parse("Dockerfile", "# check=error=true\n" + text);
    assertThatThrownBy(() ->
            Checks.enforce(strict, CheckInputs.NONE, Checks.findings(strict, CheckInputs.NONE)))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageStartingWith("lint violation found for rules: JSONArgsRecommended");
  }

  @Test
  void aMistakeKnowsItsLines() {
    try {
      Dockerfile.parse("app.Dockerfile", "FROM a\nRUN \\\n  --mount=type=nope \\\n  b\n");
      throw new AssertionError("read");
    } catch (Fault.InvalidArgument fault) {
      Mistake mistake = Mistake.of(fault).orElseThrow();
      assertThat(mistake.range()).isEqualTo(new SourceRange(2, 1, 4, 3));
      assertThat(mistake.file()).isEqualTo("app.Dockerfile");
      assertThat(mistake.text()).isEqualTo("unsupported mount type \"nope\"");
    }
  }

  private static String lines(LintResult.Location location) {
    return location.ranges().stream()
        .map(range -> Integer.toString(range.start().line()))
        .collect(Collectors.joining(","));
  }

  private static CheckInputs inputs(Path folder) {
    Map<String, String> arguments = new TreeMap<>();
    Map<String, CheckInputs.Base> bases = new TreeMap<>();
    Set<String> contexts = new HashSet<>();
    StringBuilder ignore = new StringBuilder();
    String target = "";
    List<String> lines =
        Files.exists(folder.resolve("request"))
            ? Golden.read(folder, "request").lines().toList()
            : List.of();
    for (String line : lines) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "arg" -> {
          String[] pair = line.substring(4).split("=", 2);
          arguments.put(pair[0], pair[1]);
        }
        case "target" -> target = words[1];
        case "ignore" -> ignore.append(words[1]).append('\n');
        case "context" -> contexts.add(words[1]);
        case "base" ->
            bases.put(
                words[1],
                new CheckInputs.Base(
                    Arrays.asList(words).subList(3, words.length),
                    List.of(),
                    List.of(),
                    words[2],
                    PLATFORM));
        default -> throw new IllegalArgumentException(line);
      }
    }
    CheckInputs.Base usual =
        new CheckInputs.Base(List.of(), List.of(), List.of(), PLATFORM, PLATFORM);
    return new CheckInputs(
        arguments,
        target,
        Map.of("TARGETPLATFORM", PLATFORM, "BUILDPLATFORM", PLATFORM, "TARGETARCH", "amd64"),
        ignore.isEmpty() ? Optional.empty() : Optional.of(IgnoreFile.parse(ignore.toString())),
        contexts,
        (name, platform) -> Optional.of(bases.getOrDefault(name, usual)));
  }
}
