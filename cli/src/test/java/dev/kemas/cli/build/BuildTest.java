package dev.kemas.cli.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.cli.FakeEngine;
import dev.kemas.cli.Kemas;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code kemas build} asks an engine, and what it makes of the answer. */
final class BuildTest {
  private static final String BUILT = "{\"aux\":{\"ID\":\"sha256:ab\"}}\n";
  private static final String EXPLAINED =
      """
      {"id":"kemas.explain","aux":{"explained":[\
      {"number":1,"text":"FROM busybox","hit":true,"causes":[]},\
      {"number":2,"text":"COPY a /a","hit":false,"causes":[\
      {"kind":"FILE","name":"a","text":"file a changed (1 -> 2)","own":true}]},\
      {"number":3,"text":"RUN make","hit":false,"first":2,"causes":[\
      {"kind":"PARENT","name":"","text":"the step before it changed","own":false}]}]}}
      """;
  private static final String CHECKED =
      """
      {"id":"kemas.check","aux":{"check":{"warnings":[{"rule":"StageNameCasing",\
      "description":"d","url":"https://example.test/rule","detail":"Stage name 'A' is odd",\
      "lines":[2]}],"sources":[{"file":"Dockerfile","text":"# one\\nFROM x AS A\\nRUN y\\n"}]}}}
      """;

  @TempDir Path folder;
  @TempDir Path sockets;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("Dockerfile"), "FROM scratch\n");
  }

  private record Ran(int status, String out, String err, String asked) {}

  private Ran run(String answer, Map<String, String> environment, String... words)
      throws IOException {
    String[] all = new String[words.length + 2];
    all[0] = "build";
    System.arraycopy(words, 0, all, 1, words.length);
    all[all.length - 1] = folder.toString();
    try (FakeEngine engine =
        new FakeEngine(
            sockets, request -> request.startsWith("POST /build") ? answer : "", c -> {})) {
      Map<String, String> variables = new java.util.HashMap<>(environment);
      variables.put("KEMAS_HOST", engine.host());
      Kemas kemas = new Kemas(variables, "");
      int status = kemas.run(all);
      String asked =
          engine.requests().stream()
              .filter(r -> r.startsWith("POST /build"))
              .map(r -> r.split(" ")[1])
              .findFirst()
              .orElse("");
      return new Ran(
          status, kemas.out(), kemas.err(), URLDecoder.decode(asked, StandardCharsets.UTF_8));
    } finally {
      Files.deleteIfExists(sockets.resolve("e.sock"));
    }
  }

  private Ran run(String answer, String... words) throws IOException {
    return run(answer, Map.of(), words);
  }

  @Test
  void whatOnlyOurEngineKnowsIsAskedInParametersOfOurOwn() throws IOException {
    Ran ran =
        run(
            BUILT,
            "--no-cache-filter",
            "one,two",
            "--allow",
            "network.host",
            "--platform",
            "linux/amd64,linux/arm64",
            "--build-context",
            "base=docker-image://alpine",
            "--provenance",
            "mode=max",
            "--sbom",
            "true");
    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.asked())
        .contains("nocachestage=one&nocachestage=two")
        .contains("allow=network.host")
        .contains("platform=linux/amd64,linux/arm64")
        .contains("contexts={\"base\":\"docker-image://alpine\"}")
        .contains("\"attest:provenance\":\"mode=max\"")
        .contains("\"attest:sbom\":\"\"")
        .contains("project=" + folder.toRealPath())
        .doesNotContain("explain=");
  }

  @Test
  void aTimeIsGivenByNumberByTheYoungestFileOrByTheEnvironment() throws IOException {
    for (Path file : new Path[] {folder.resolve("Dockerfile"), folder}) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_000)));
    }
    Path young = Files.writeString(folder.resolve("young"), "");
    Files.setLastModifiedTime(young, FileTime.from(Instant.ofEpochSecond(7_777)));
    Path ignored = Files.writeString(folder.resolve("ignored"), "");
    Files.setLastModifiedTime(ignored, FileTime.from(Instant.ofEpochSecond(9_999)));
    Path rules = Files.writeString(folder.resolve(".dockerignore"), "ignored\n");
    Files.setLastModifiedTime(rules, FileTime.from(Instant.ofEpochSecond(1_000)));
    assertThat(run(BUILT, "--source-date-epoch", "newest").asked())
        .contains("\"SOURCE_DATE_EPOCH\":\"7777\"");
    assertThat(run(BUILT, "--source-date-epoch", "12").asked())
        .contains("\"SOURCE_DATE_EPOCH\":\"12\"");
    assertThat(run(BUILT, Map.of("SOURCE_DATE_EPOCH", "34")).asked())
        .contains("\"SOURCE_DATE_EPOCH\":\"34\"");
    assertThat(run(BUILT, "--source-date-epoch", "yesterday").err()).contains("newest");
  }

  @Test
  void anExplanationNamesEachStepsCauseAndTheRoots() throws IOException {
    Ran ran = run(EXPLAINED + BUILT, "--explain");
    assertThat(ran.asked()).contains("explain=1");
    assertThat(ran.out())
        .contains(
            """
            Why the steps ran
               1  FROM busybox
                  cached
               2  COPY a /a
                  ran: file a changed (1 -> 2)
               3  RUN make
                  ran: it follows step 2

            What made them run
              file a changed (1 -> 2)
            """);
    assertThat(run(BUILT, "--explain").out()).contains("Every step's result was in the cache.");
  }

  @Test
  void metadataHoldsTheReasons() throws IOException {
    Path file = sockets.resolve("metadata.json");
    run(EXPLAINED + BUILT, "--explain", "-t", "x:1", "--metadata-file", file.toString());
    assertThat(file)
        .content()
        .contains("\"containerimage.config.digest\": \"sha256:ab\"")
        .contains("\"image.name\": \"x:1\"")
        .contains("file a changed");
  }

  @Test
  void aFailedBuildIsExplainedUpToThere() throws IOException {
    Ran ran =
        run(
            EXPLAINED + "{\"errorDetail\":{\"code\":3,\"message\":\"it broke\"},\"error\":\"b\"}\n",
            "--explain");
    assertThat(ran.status()).isEqualTo(3);
    assertThat(ran.out()).contains("file a changed");
    assertThat(ran.err()).contains("it broke");
  }

  @Test
  void aCheckShowsTheLineAndFailsWhenItFindsSomething() throws IOException {
    Ran ran = run(CHECKED, "--check");
    assertThat(ran.asked()).contains("question=check");
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out())
        .contains("1 warning has been found!")
        .contains("WARNING: StageNameCasing - https://example.test/rule\nStage name 'A' is odd\n")
        .contains("Dockerfile:2\n")
        .contains("   2 | >>> FROM x AS A\n");
    Ran clean = run("{\"aux\":{\"check\":{\"warnings\":[],\"sources\":[]}}}\n", "--call=check");
    assertThat(clean.status()).isZero();
    assertThat(clean.out()).isEqualTo("Check complete, no warnings found.\n");
  }

  @Test
  void anEngineThatDoesNotAnswerAQuestionIsNamed() throws IOException {
    Ran ran = run(BUILT, "--check");
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("--call=check").contains("engine of Kemas");
  }

  @Test
  void rawProgressIsWhatTheEngineSays() throws IOException {
    assertThat(run("{\"stream\":\"Step 1\"}\n" + BUILT, "--progress=rawjson").out())
        .isEqualTo("{\"stream\":\"Step 1\"}\n" + BUILT);
    assertThat(run(BUILT, "--progress=quiet").out()).isEqualTo("sha256:ab\n");
    assertThat(run(BUILT, "--progress=fancy").err()).contains("rawjson");
  }

  @Test
  void aMisspelledOptionSuggestsTheRightOne() throws IOException {
    Ran ran = run(BUILT, "--explane");
    assertThat(ran.status()).isEqualTo(125);
    assertThat(ran.err()).contains("unknown flag: --explane").contains("Did you mean '--explain'?");
  }

  @Test
  void whatHasNoNameIsNotPushed() throws IOException {
    Ran ran = run(BUILT, "--push");
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).contains("-t REGISTRY/NAME:TAG");
    assertThat(ran.asked()).isEmpty();
  }
}
