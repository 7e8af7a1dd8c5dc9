package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dockerfiles become images, through the stock command and ours. */
final class BuildTest extends Engines {
  @TempDir Path context;

  @AfterEach
  void forget() throws IOException, InterruptedException {
    tryDocker("rmi", "-f", "made");
  }

  private void file(String name, String text) throws IOException {
    Path file = context.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Command.Result build(String client, String... more)
      throws IOException, InterruptedException {
    String[] args = new String[more.length + 4];
    args[0] = "build";
    args[1] = "-t";
    args[2] = "made";
    System.arraycopy(more, 0, args, 3, more.length);
    args[args.length - 1] = context.toString();
    return daemon.run(client, args);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void aDockerfileBecomesAnImage(String client) throws IOException, InterruptedException {
    file(
        "Dockerfile",
        """
        ARG BASE=busybox
        FROM ${BASE} AS base
        ENV GREETING=hello
        WORKDIR /app
        COPY --chown=app:extra src/ ./src/
        RUN echo "$GREETING from run" > out && chmod 640 out
        FROM base
        ARG WHO=nobody
        LABEL made.by=${WHO}
        COPY --from=base /app/out /copied
        USER app
        EXPOSE 80
        CMD ["cat", "src/a", "/copied"]
        """);
    file("src/a", "content\n");
    file("src/ignored.log", "x");
    file(".dockerignore", "**/*.log\n");
    build(client, "--build-arg", "WHO=me").expect(0);
    assertThat(tryDocker("run", "--rm", "made").err()).contains("Permission denied");
    assertThat(docker("run", "--rm", "-u", "root", "made")).isEqualTo("content\nhello from run\n");
    assertThat(docker("run", "--rm", "made", "ls", "-l", "src"))
        .contains("app")
        .contains("extra")
        .doesNotContain("ignored");
    assertThat(
            inspect(
                "made",
                "{{index .Config.Labels \"made.by\"}} {{.Config.User}} {{.Config.WorkingDir}}"))
        .isEqualTo("me app /app");
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void anUnchangedBuildRunsNothingAndAChangedFileRunsFromThere(String client)
      throws IOException, InterruptedException {
    file(
        "Dockerfile",
        "FROM busybox\nRUN cat /proc/sys/kernel/random/uuid > /first\nCOPY f /f\nRUN cat /proc/sys/kernel/random/uuid > /second\n");
    file("f", "1");
    build(client).expect(0);
    String first = docker("run", "--rm", "made", "cat", "/first");
    String second = docker("run", "--rm", "made", "cat", "/second");
    String id = inspect("made", "{{.Id}}");
    build(client).expect(0);
    assertThat(inspect("made", "{{.Id}}")).isEqualTo(id);
    file("f", "2");
    build(client).expect(0);
    assertThat(docker("run", "--rm", "made", "cat", "/first")).isEqualTo(first);
    assertThat(docker("run", "--rm", "made", "cat", "/second")).isNotEqualTo(second);
    build(client, "--no-cache").expect(0);
    assertThat(docker("run", "--rm", "made", "cat", "/first")).isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void aFailingCommandFailsTheBuildInDockersWords(String client)
      throws IOException, InterruptedException {
    file("Dockerfile", "FROM busybox\nRUN echo before && exit 3\n");
    Command.Result result = build(client);
    assertThat(result.code()).isNotZero();
    assertThat(result.out() + result.err())
        .contains("before")
        .contains("returned a non-zero code: 3");
    assertThat(tryDocker("image", "inspect", "made").code()).isNotZero();
    Daemon.kemasOnly("dockerd keeps the container of a failed step");
    assertThat(docker("ps", "-aq")).isBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void anErrorNamesFileLineAndInstruction(String client) throws IOException, InterruptedException {
    file("Dockerfile", "FROM busybox\n\nRUM echo\n");
    Command.Result result = build(client);
    assertThat(result.code()).isNotZero();
    assertThat(result.err() + result.out()).containsIgnoringCase("line 3").contains("RUM");
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void theDockerfileMayBeTheStandardInput(String client) throws IOException, InterruptedException {
    file("a", "content\n");
    file("Dockerfile", "FROM busybox\nRUN false\n");
    daemon
        .command(client, "build", "-t", "made", "-f", "-", context.toString())
        .withInput("FROM busybox\nCOPY a /a\nCMD cat /a\n")
        .run()
        .expect(0);
    assertThat(docker("run", "--rm", "made")).isEqualTo("content\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void limitsOfTheBuildAreLimitsOfItsCommands(String client)
      throws IOException, InterruptedException {
    file(
        "Dockerfile",
        """
        FROM busybox
        RUN ulimit -n > /nofile; df -k /dev/shm | tail -n 1 > /shm
        RUN cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max \
          > /memory 2> /dev/null || true
        RUN cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu.max > /cpu 2> /dev/null || true
        """);
    build(
            client,
            "--no-cache",
            "--ulimit",
            "nofile=321:400",
            "--shm-size",
            "12m",
            "--memory",
            "96m",
            "--cpu-quota",
            "40000",
            "--cpu-period",
            "100000")
        .expect(0);
    assertThat(docker("run", "--rm", "made", "cat", "/nofile").strip()).isEqualTo("321");
    assertThat(docker("run", "--rm", "made", "cat", "/shm")).contains(" 12288 ");
    assertThat(docker("run", "--rm", "made", "cat", "/memory").strip()).isEqualTo("" + (96 << 20));
    assertThat(docker("run", "--rm", "made", "cat", "/cpu")).startsWith("40000");
  }

  @Test
  void filesOutsideTheContextAreOutOfReach() throws IOException, InterruptedException {
    file("Dockerfile", "FROM busybox\nCOPY ../secret /s\n");
    assertThat(build("docker").code()).isNotZero();
    Files.createSymbolicLink(context.resolve("link"), Path.of("/etc/hostname"));
    file("Dockerfile", "FROM busybox\nCOPY link/ /s/\n");
    Command.Result result = build("docker");
    assertThat(result.code()).isNotZero();
  }

  @Test
  void whatAStageMadeIsKeptWhenImagesGo() throws IOException, InterruptedException {
    file(
        "Dockerfile",
        "FROM busybox AS one\nRUN cat /proc/sys/kernel/random/uuid > /made\nFROM busybox\nCOPY --from=one /made /made\n");
    build("docker").expect(0);
    String made = docker("run", "--rm", "made", "cat", "/made");
    docker("rmi", "made");
    build("docker").expect(0);
    assertThat(docker("run", "--rm", "made", "cat", "/made")).isEqualTo(made);
  }

  @Test
  void stagesThatNothingNeedsAreNotBuilt() throws IOException, InterruptedException {
    Daemon.kemasOnly("dockerd's classic builder builds every stage up to the target");
    file(
        "Dockerfile",
        "FROM busybox AS broken\nRUN exit 1\nFROM busybox AS good\nRUN true\nFROM busybox\nCOPY --from=good /bin/sh /x\n");
    build("docker").expect(0);
    assertThat(build("docker", "--target", "broken").code()).isNotZero();
  }
}
