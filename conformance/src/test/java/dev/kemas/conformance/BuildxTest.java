package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The stock {@code docker build} of today, which is buildx and BuildKit's API. */
final class BuildxTest extends BuildxEngine {
  private void stages() throws IOException {
    file(
        "Dockerfile",
        """
        # syntax=docker/dockerfile:1
        FROM busybox AS base
        WORKDIR /app
        COPY src/ ./src/
        FROM base AS made
        ARG WHO=nobody
        RUN cat src/a > out && echo "made for $WHO" | tee -a out
        FROM base
        COPY --from=made /app/out /copied
        CMD ["cat", "/copied"]
        """);
    file("src/a", "content\n");
    file("unrelated", "1");
  }

  @Test
  void stagesAreBuiltShownAndKnownTheNextTime() throws IOException, InterruptedException {
    stages();
    String first =
        run(
                "build",
                "--progress=plain",
                "--build-arg",
                "WHO=me",
                "-t",
                "made:1",
                "-t",
                "made:2",
                ".")
            .expect(0)
            .err();
    assertThat(first)
        .contains("[base 1/3] FROM")
        .contains("[base 3/3] COPY src/ ./src/")
        .contains("[made 1/1] RUN cat src/a")
        .containsPattern("#\\d+ [0-9.]+ made for me")
        .contains("[stage-2 1/1] COPY --from=made /app/out /copied")
        .contains("exporting to image")
        .contains("naming to docker.io/library/made:2")
        .doesNotContain("CACHED");
    assertThat(docker("run", "--rm", "made:2")).isEqualTo("content\nmade for me\n");
    String id = inspect("made:1", "{{.Id}}");
    file("unrelated", "2");
    String second =
        run("build", "--progress=plain", "--build-arg", "WHO=me", "-t", "made:1", ".")
            .expect(0)
            .err();
    assertThat(second.split("CACHED", -1).length - 1).as(second).isGreaterThanOrEqualTo(4);
    assertThat(second).doesNotContain("0 made for me");
    assertThat(inspect("made:1", "{{.Id}}")).isEqualTo(id);
  }

  @Test
  void aCommandThatFailsIsShownWithItsLine() throws IOException, InterruptedException {
    file("Dockerfile", "FROM busybox\nRUN echo fine\nRUN echo last words; exit 7\nRUN true\n");
    String text = run("build", "--progress=plain", ".").expect(1).err();
    assertThat(text)
        .contains("> [3/4] RUN echo last words; exit 7:")
        .contains("last words")
        .contains("Dockerfile:3\n--------------------\n")
        .contains("   3 | >>> RUN echo last words; exit 7\n")
        .contains(
            "failed to solve: process \"/bin/sh -c echo last words; exit 7\" did not complete"
                + " successfully: exit code: 7");
  }

  @Test
  void aMistakeInTheDockerfileIsShownWithItsLine() throws IOException, InterruptedException {
    file("Dockerfile", "FROM busybox\nRUNN echo fine\n");
    assertThat(run("build", ".").expect(1).err())
        .contains("   2 | >>> RUNN echo fine\n")
        .contains("unknown instruction: RUNN (did you mean RUN?)");
  }

  @Test
  void aDockerfileMayComeFromStandardInput() throws IOException, InterruptedException {
    file("a", "from the context");
    command("build", "-f", "-", "-t", "made:stdin", ".")
        .withInput("FROM busybox\nCOPY a /a\nCMD [\"cat\", \"/a\"]\n")
        .run(context)
        .expect(0);
    assertThat(docker("run", "--rm", "made:stdin")).isEqualTo("from the context");
  }

  @Test
  void checksAndQuestionsAreAnsweredWithoutABuild() throws IOException, InterruptedException {
    file(
        "Dockerfile",
        "# check=skip=LatestBase\nFROM busybox AS Upper\nARG WHO=me\nRUN echo $WHO\n");
    assertThat(run("build", "--check", ".").expect(1).out())
        .contains("1 warning has been found!")
        .contains("WARNING: StageNameCasing")
        .contains("   2 | >>> FROM busybox AS Upper\n");
    assertThat(run("build", "--call=outline", ".").expect(0).out()).containsPattern("WHO\\s+me");
    assertThat(run("build", "--call=targets", ".").expect(0).out()).contains("upper (default)");
    assertThat(run("build", ".").expect(0).err()).contains("StageNameCasing");
  }

  @Test
  void resultsGoToAFolderOfTheClient() throws IOException, InterruptedException {
    file("Dockerfile", "FROM scratch\nCOPY a /folder/b\n");
    file("a", "exported");
    run("build", "-o", "type=local,dest=out", ".").expect(0);
    assertThat(context.resolve("out/folder/b")).hasContent("exported");
  }

  @Test
  void aFileOfTargetsIsBaked() throws IOException, InterruptedException {
    stages();
    file(
        "docker-bake.hcl",
        """
        group "default" {
          targets = ["one", "two"]
        }
        target "one" {
          target = "made"
          args = { WHO = "bake" }
          tags = ["made:one"]
        }
        target "two" {
          dockerfile-inline = "FROM busybox\\nCOPY --from=dep /app/out /two\\nCMD cat /two"
          contexts = { dep = "target:one" }
          tags = ["made:two"]
        }
        """);
    run("buildx", "bake", "--progress=plain").expect(0);
    assertThat(docker("run", "--rm", "made:two")).isEqualTo("content\nmade for bake\n");
  }

  @Test
  void theCacheIsListedAndEmptied() throws IOException, InterruptedException {
    file("Dockerfile", "FROM busybox\nCOPY f /\nRUN dd if=/dev/zero of=/zero bs=1M count=1\n");
    file("f", "of the client");
    run("build", "-t", "made:cache", ".").expect(0);
    docker("rmi", "made:cache");
    assertThat(run("buildx", "du").expect(0).out()).contains("Reclaimable").contains("true");
    assertThat(run("buildx", "du", "--verbose").expect(0).out())
        .containsPattern("Type:\\s+source.local");
    run("buildx", "prune", "-f", "--filter", "type=source.local").expect(0);
    assertThat(run("buildx", "du", "--verbose").expect(0).out())
        .doesNotContain("source.local")
        .containsPattern("Type:\\s+regular");
    run("buildx", "prune", "-af").expect(0);
    assertThat(run("buildx", "du").expect(0).out()).containsPattern("Total:\\s+0B");
    assertThat(run("buildx", "history", "ls").expect(0).out()).contains("Completed");
    assertThat(run("buildx", "ls").expect(0).out()).containsPattern("default.*running");
  }
}
