package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A container's life: every state, every way from one to the next. */
final class LifecycleTest extends Engines {
  @Test
  void aContainerGoesFromCreatedToRunningToExited() throws IOException, InterruptedException {
    docker("create", "--name", "xa", "busybox", "sh", "-c", "exit 3");
    assertThat(inspect("xa", "{{.State.Status}}")).isEqualTo("created");
    docker("start", "xa");
    assertThat(docker("wait", "xa")).isEqualTo("3\n");
    assertThat(inspect("xa", "{{.State.Status}} {{.State.ExitCode}}")).isEqualTo("exited 3");
    docker("rm", "xa");
    assertThat(tryDocker("inspect", "xa").expect(1).err()).contains("No such object: xa");
  }

  @Test
  void stopSendsTheSignalAndThenKills() throws IOException, InterruptedException {
    docker(
        "run",
        "-d",
        "--name",
        "kind",
        "busybox",
        "sh",
        "-c",
        "trap 'exit 9' TERM; while :; do sleep 0.05; done");
    docker(
        "run",
        "-d",
        "--name",
        "deaf",
        "busybox",
        "sh",
        "-c",
        "trap '' TERM; while :; do sleep 0.05; done");
    docker(
        "run",
        "-d",
        "--name",
        "own",
        "--stop-signal",
        "USR1",
        "busybox",
        "sh",
        "-c",
        "trap 'exit 4' USR1; while :; do sleep 0.05; done");
    docker("stop", "kind");
    docker("stop", "-t", "1", "deaf");
    docker("stop", "own");
    assertThat(inspect("kind", "{{.State.ExitCode}}")).isEqualTo("9");
    assertThat(inspect("deaf", "{{.State.ExitCode}}")).isEqualTo("137");
    assertThat(inspect("own", "{{.State.ExitCode}}")).isEqualTo("4");
  }

  @Test
  void restartKeepsTheContainerAndItsFiles() throws IOException, InterruptedException {
    String id =
        docker("run", "-d", "--name", "cr", "busybox", "sh", "-c", "echo x >> /count; sleep 1000")
            .strip();
    docker("restart", "-t", "0", "cr");
    Wait.until(
        "it ran twice",
        Duration.ofSeconds(10),
        () -> docker("exec", "cr", "cat", "/count").equals("x\nx\n"));
    assertThat(inspect("cr", "{{.Id}} {{.State.Running}}")).isEqualTo(id + " true");
  }

  @Test
  void pausedProcessesStandStill() throws IOException, InterruptedException {
    docker("run", "-d", "--name", "cp", "busybox", "sleep", "1000");
    docker("pause", "cp");
    assertThat(inspect("cp", "{{.State.Status}}")).isEqualTo("paused");
    assertThat(docker("ps", "--filter", "name=cp", "--format", "{{.Status}}")).contains("(Paused)");
    docker("unpause", "cp");
    assertThat(docker("exec", "cp", "echo", "awake")).isEqualTo("awake\n");
  }

  @Test
  void killSendsTheNamedSignal() throws IOException, InterruptedException {
    docker(
        "run",
        "-d",
        "--name",
        "ck",
        "busybox",
        "sh",
        "-c",
        "trap 'echo got' HUP; echo ready; while :; do sleep 0.05; done");
    Wait.until(
        "the trap is set", Duration.ofSeconds(10), () -> docker("logs", "ck").contains("ready"));
    docker("kill", "-s", "HUP", "ck");
    Wait.until(
        "the signal arrives", Duration.ofSeconds(10), () -> docker("logs", "ck").contains("got"));
    docker("kill", "ck");
    assertThat(docker("wait", "ck")).isEqualTo("137\n");
    assertThat(tryDocker("kill", "ck").expect(1).err()).contains("is not running");
  }

  @Test
  void namesAreUniqueAndCanChange() throws IOException, InterruptedException {
    docker("create", "--name", "one", "busybox");
    assertThat(tryDocker("create", "--name", "one", "busybox").expect(1).err())
        .contains("Conflict. The container name \"/one\" is already in use by container");
    docker("rename", "one", "two");
    docker("create", "--name", "one", "busybox");
    assertThat(inspect("two", "{{.Name}}")).isEqualTo("/two");
    assertThat(tryDocker("create", "--name", "-bad-", "busybox").expect(1).err())
        .contains("Invalid container name");
  }

  @Test
  void aRunningContainerIsRemovedOnlyByForce() throws IOException, InterruptedException {
    docker("run", "-d", "--name", "xf", "busybox", "sleep", "1000");
    assertThat(tryDocker("rm", "xf").expect(1).err()).contains("running");
    docker("rm", "-f", "xf");
  }

  @Test
  void listingsAreFiltered() throws IOException, InterruptedException {
    docker("run", "-d", "--name", "up", "-l", "team=ml", "busybox", "sleep", "1000");
    tryDocker("run", "--name", "done", "busybox", "sh", "-c", "exit 2").expect(2);
    assertThat(docker("ps", "--format", "{{.Names}}")).isEqualTo("up\n");
    assertThat(docker("ps", "-a", "--format", "{{.Names}}")).isEqualTo("done\nup\n");
    assertThat(docker("ps", "-a", "-f", "exited=2", "--format", "{{.Names}}")).isEqualTo("done\n");
    assertThat(docker("ps", "-a", "-f", "label=team=ml", "--format", "{{.Names}}"))
        .isEqualTo("up\n");
    assertThat(docker("ps", "-a", "-f", "status=exited", "--format", "{{.Names}} {{.Status}}"))
        .startsWith("done Exited (2)");
    assertThat(docker("ps", "-n", "1", "--format", "{{.Names}}")).isEqualTo("done\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void execRunsBesideTheMainProcess(String client) throws IOException, InterruptedException {
    docker("run", "-d", "--name", "xe", "-e", "A=1", "busybox", "sleep", "1000");
    assertThat(
            daemon
                .run(client, "exec", "xe", "sh", "-c", "echo $A; echo bad >&2; exit 6")
                .expect(6)
                .out())
        .isEqualTo("1\n");
    assertThat(
            daemon.ok(
                client,
                "exec",
                "-u",
                "app",
                "-w",
                "/tmp",
                "-e",
                "A=2",
                "xe",
                "sh",
                "-c",
                "echo $A $(id -u) $PWD"))
        .isEqualTo("2 1000 /tmp\n");
    assertThat(
            daemon.command(client, "exec", "-i", "xe", "cat").withInput("in").run().expect(0).out())
        .isEqualTo("in");
    daemon.run(client, "exec", "xe", "/etc/passwd").expect(126);
    docker("stop", "-t", "0", "xe");
    assertThat(daemon.run(client, "exec", "xe", "true").expect(1).err()).contains("is not running");
    docker("start", "xe");
    Daemon.kemasOnly("dockerd before 27 answers 126");
    daemon.run(client, "exec", "xe", "nosuch").expect(127);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void logsKeepStreamsTimesAndTails(String client) throws IOException, InterruptedException {
    docker(
        "run",
        "--name",
        "cl",
        "busybox",
        "sh",
        "-c",
        "for i in 1 2 3; do echo o$i; done; sleep 0.2; echo e >&2");
    Command.Result all = daemon.run(client, "logs", "cl").expect(0);
    assertThat(all.out()).isEqualTo("o1\no2\no3\n");
    assertThat(all.err()).isEqualTo("e\n");
    assertThat(daemon.run(client, "logs", "--tail", "2", "cl").expect(0).out()).isEqualTo("o3\n");
    assertThat(daemon.ok(client, "logs", "-t", "cl"))
        .matches("(?s)(\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z o\\d\n){3}");
    assertThat(daemon.run(client, "logs", "--since", "2100-01-01T00:00:00Z", "cl").expect(0).out())
        .isEmpty();
  }

  @Test
  void followedLogsEndWithTheContainer() throws Exception {
    docker("run", "-d", "--name", "xf", "busybox", "sh", "-c", "echo one; sleep 0.5; echo two");
    assertThat(docker("logs", "-f", "xf")).isEqualTo("one\ntwo\n");
  }

  @ParameterizedTest
  @CsvSource({"on-failure:2, 3, 1", "no, 1, 1"})
  void aRestartPolicyRestartsAsOftenAsItSays(String policy, int runs, int code)
      throws IOException, InterruptedException {
    docker(
        "run",
        "-d",
        "--name",
        "rp",
        "--restart",
        policy,
        "busybox",
        "sh",
        "-c",
        "echo run; exit " + code);
    Wait.until(
        "it has given up",
        Duration.ofSeconds(20),
        () ->
            inspect("rp", "{{.State.Status}}").equals("exited")
                && docker("logs", "rp").split("run", -1).length - 1 == runs);
  }

  @Test
  void whoWaitsIsToldTheExitCode() throws Exception {
    docker(
        "run",
        "-d",
        "--name",
        "cw",
        "busybox",
        "sh",
        "-c",
        "trap 'exit 8' TERM; while :; do sleep 0.05; done");
    CompletableFuture<Command.Result> waiting =
        CompletableFuture.supplyAsync(() -> {
          try {
            return tryDocker("wait", "cw");
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    docker("stop", "cw");
    assertThat(waiting.get().expect(0).out()).isEqualTo("8\n");
  }

  @Test
  void topShowsTheProcesses() throws IOException, InterruptedException {
    docker("run", "-d", "--name", "ct", "busybox", "sleep", "1234");
    assertThat(docker("top", "ct")).contains("PID").contains("sleep 1234");
  }

  @Test
  void eventsTellTheStory() throws IOException, InterruptedException {
    docker("run", "--rm", "--name", "ev", "busybox", "true");
    String until = Long.toString(System.currentTimeMillis() / 1000 + 1);
    assertThat(
            docker(
                    "events",
                    "--since",
                    "0",
                    "--until",
                    until,
                    "--filter",
                    "container=ev",
                    "--format",
                    "{{.Action}}")
                .split("\n"))
        .containsSubsequence("create", "start", "die", "destroy");
  }
}
