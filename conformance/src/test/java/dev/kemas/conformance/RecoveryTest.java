package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The engine may be killed at any moment: containers go on, and nothing is forgotten. */
final class RecoveryTest extends Engines {
  private static final String COUNT = "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.05; done";

  @BeforeAll
  static void onlyWhereTheEngineMayBeKilled() {
    Daemon.kemasOnly("a dockerd that was killed does not start again beside its own containerd");
  }

  @Test
  void aContainerOutlivesTheEngineWithItsOutput() throws IOException, InterruptedException {
    docker("run", "-d", "--name", "xa", "busybox", "sh", "-c", COUNT);
    String pid = inspect("xa", "{{.State.Pid}}");
    daemon.kill();
    Wait.until(
        "it writes on while there is no engine",
        Duration.ofSeconds(5),
        () -> ProcessHandle.of(Long.parseLong(pid)).isPresent());
    daemon.restart();
    assertThat(inspect("xa", "{{.State.Status}} {{.State.Pid}}")).isEqualTo("running " + pid);
    int lines = docker("logs", "xa").split("\n").length;
    Wait.until(
        "the log grows",
        Duration.ofSeconds(10),
        () -> docker("logs", "xa").split("\n").length > lines);
    assertThat(docker("logs", "xa")).startsWith("line 1\nline 2\n");
    assertThat(docker("exec", "xa", "echo", "here")).isEqualTo("here\n");
    docker("stop", "-t", "0", "xa");
    assertThat(docker("wait", "xa")).isEqualTo("137\n");
  }

  @Test
  void theExitCodeOfOneThatEndedMeanwhileIsKnown() throws IOException, InterruptedException {
    docker("run", "-d", "--name", "xb", "busybox", "sh", "-c", "sleep 0.6; echo end; exit 42");
    long pid = Long.parseLong(inspect("xb", "{{.State.Pid}}"));
    daemon.kill();
    Wait.until("it ends", Duration.ofSeconds(10), () -> ProcessHandle.of(pid).isEmpty());
    daemon.restart();
    assertThat(docker("wait", "xb")).isEqualTo("42\n");
    assertThat(inspect("xb", "{{.State.Status}} {{.State.ExitCode}}")).isEqualTo("exited 42");
    assertThat(docker("logs", "xb")).isEqualTo("end\n");
  }

  @Test
  void oneThatWasToBeRemovedAtItsEndIsGone() throws IOException, InterruptedException {
    docker("run", "-d", "--rm", "--name", "xc", "busybox", "sleep", "0.6");
    long pid = Long.parseLong(inspect("xc", "{{.State.Pid}}"));
    daemon.kill();
    Wait.until("it ends", Duration.ofSeconds(10), () -> ProcessHandle.of(pid).isEmpty());
    daemon.restart();
    Wait.until("it is gone", Duration.ofSeconds(10), () -> docker("ps", "-aq").isBlank());
  }

  @Test
  void publishedPortsAndNamesWorkAgain() throws IOException, InterruptedException {
    docker("network", "create", "cn");
    docker(
        "run",
        "-d",
        "--name",
        "web",
        "--network",
        "cn",
        "-p",
        "127.0.0.1:0:80",
        "busybox",
        "sh",
        "-c",
        "mkdir /w; echo hi > /w/x; httpd -f -p 80 -h /w");
    docker("run", "-d", "--name", "peer", "--network", "cn", "busybox", "sleep", "1000");
    daemon.kill();
    daemon.restart();
    assertThat(docker("exec", "peer", "wget", "-qO-", "http://web/x")).isEqualTo("hi\n");
    String address = docker("port", "web", "80").strip();
    assertThat(Command.of("curl", "-sS", "http://" + address + "/x").run().expect(0).out())
        .isEqualTo("hi\n");
    docker("rm", "-f", "web", "peer");
    docker("network", "rm", "cn");
  }

  @Test
  void aCleanStopLeavesContainersRunning() throws IOException, InterruptedException {
    docker("run", "-d", "--name", "xd", "busybox", "sleep", "1000");
    String pid = inspect("xd", "{{.State.Pid}}");
    daemon.terminate();
    daemon.restart();
    assertThat(inspect("xd", "{{.State.Status}} {{.State.Pid}}")).isEqualTo("running " + pid);
  }

  @Test
  void killedInTheMiddleOfManyStartsItComesBackWhole() throws IOException, InterruptedException {
    for (int round = 0; round < 3; round++) {
      Process[] clients = new Process[4];
      for (int i = 0; i < clients.length; i++) {
        clients[i] =
            new ProcessBuilder(daemon.command("docker", "run", "--rm", "busybox", "true").line())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
      }
      if (round > 0) {
        clients[0].waitFor();
      }
      daemon.kill();
      for (Process client : clients) {
        client.waitFor();
      }
      daemon.restart();
      Wait.until(
          "no half-made container is left",
          Duration.ofSeconds(15),
          () ->
              docker("ps", "-a", "--format", "{{.Status}}")
                  .lines()
                  .allMatch(s -> s.startsWith("Created") || s.startsWith("Up")));
      docker("run", "--rm", "busybox", "true");
    }
  }
}
