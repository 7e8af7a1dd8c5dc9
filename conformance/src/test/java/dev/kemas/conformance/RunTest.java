package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code run}: what the process gets, and what the caller gets back. */
final class RunTest extends Engines {
  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void outputAndErrorStayApartAndTheExitCodeIsTheContainers(String client)
      throws IOException, InterruptedException {
    Command.Result result =
        daemon.run(client, "run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2; exit 7");
    assertThat(result.expect(7).out()).isEqualTo("out\n");
    assertThat(result.err()).contains("err");
    assertThat(docker("ps", "-aq")).isBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void aMissingCommandIs127AndOneThatCannotRunIs126(String client)
      throws IOException, InterruptedException {
    assertThat(daemon.run(client, "run", "--rm", "busybox", "nosuch").expect(127).err())
        .contains("nosuch");
    daemon.run(client, "run", "--rm", "busybox", "/etc/passwd").expect(126);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void whatTheEngineRefusesIs125(String client) throws IOException, InterruptedException {
    daemon.run(client, "run", "--rm", "--memory", "1k", "busybox", "true").expect(125);
    daemon.run(client, "run", "--rm", "--no-such-flag", "busybox", "true").expect(125);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void standardInputReachesTheProcessAndItsEndToo(String client)
      throws IOException, InterruptedException {
    String text = "line\n".repeat(20_000);
    assertThat(
            daemon
                .command(client, "run", "--rm", "-i", "busybox", "cat")
                .withInput(text)
                .run()
                .expect(0)
                .out())
        .isEqualTo(text);
  }

  @Test
  void theProcessIsWhoWhereAndWithWhatItWasToldToBe() throws IOException, InterruptedException {
    assertThat(
            docker(
                "run",
                "--rm",
                "-u",
                "app",
                "-w",
                "/tmp/new",
                "-e",
                "A=b c",
                "--hostname",
                "box",
                "busybox",
                "sh",
                "-c",
                "id; pwd; echo $A; hostname; cat /etc/hostname"))
        .contains("uid=1000(app) gid=1000(app) groups=44(extra),1000(app)")
        .contains("/tmp/new\nb c\nbox\nbox\n");
    assertThat(tryDocker("run", "--rm", "-u", "ghost", "busybox", "true").expect(125).err())
        .contains("unable to find user ghost");
  }

  @Test
  void theContainerIsKeptInItsPlace() throws IOException, InterruptedException {
    assertThat(
            docker("run", "--rm", "busybox", "sh", "-c", "echo $$; ps | wc -l; ls /sys/class/net"))
        .startsWith("1\n")
        .contains("eth0");
    assertThat(
            docker(
                "run", "--rm", "busybox", "grep", "-E", "^(CapBnd|Seccomp):", "/proc/self/status"))
        .contains("00000000a80425fb")
        .contains("Seccomp:\t2");
    tryDocker("run", "--rm", "busybox", "mount", "-t", "tmpfs", "x", "/tmp").expect(1);
    assertThat(tryDocker("run", "--rm", "busybox", "cat", "/proc/kcore").out()).isEmpty();
    tryDocker("run", "--rm", "busybox", "sh", "-c", "echo 1 > /proc/sys/kernel/panic").expect(1);
    docker("run", "--rm", "busybox", "mknod", "/dev/x", "b", "254", "0");
    tryDocker("run", "--rm", "busybox", "sh", "-c", "mknod /tmp/x b 254 0 && head -c1 /tmp/x")
        .expect(1);
  }

  @Test
  void privilegedAndAddedCapabilitiesOpenWhatTheySay() throws IOException, InterruptedException {
    Daemon.kemasOnly("dockerd asks for capabilities that the host may not have");
    docker("run", "--rm", "--privileged", "busybox", "mount", "-t", "tmpfs", "x", "/tmp");
    docker("run", "--rm", "--cap-add", "SYS_ADMIN", "busybox", "mount", "-t", "tmpfs", "x", "/tmp");
    tryDocker("run", "--rm", "--cap-drop", "CHOWN", "busybox", "chown", "1", "/tmp").expect(1);
  }

  @Test
  void limitsHold() throws IOException, InterruptedException {
    Command.Result result =
        tryDocker(
            "run", "--rm", "-m", "32m", "busybox", "sh", "-c", "head -c 200m /dev/zero | tail");
    assertThat(result.code()).isNotZero();
    assertThat(
            tryDocker(
                    "run",
                    "--rm",
                    "--pids-limit",
                    "10",
                    "busybox",
                    "sh",
                    "-c",
                    "for i in $(seq 30); do sleep 2 & done; wait")
                .err())
        .contains("fork");
    assertThat(
            docker("run", "--rm", "--ulimit", "nofile=64:128", "busybox", "sh", "-c", "ulimit -n"))
        .isEqualTo("64\n");
  }

  @Test
  void fileSystemsAreAsAsked() throws IOException, InterruptedException {
    tryDocker("run", "--rm", "--read-only", "busybox", "touch", "/x").expect(1);
    docker("run", "--rm", "--read-only", "--tmpfs", "/t:size=1m", "busybox", "touch", "/t/x");
    assertThat(docker("run", "--rm", "--shm-size", "8m", "busybox", "df", "-k", "/dev/shm"))
        .contains("8192");
  }

  @Test
  void theIdFileIsWrittenOnceAndNeverOverwritten(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = folder.resolve("cid");
    docker("run", "--cidfile", file.toString(), "busybox", "true");
    assertThat(Files.readString(file)).matches("[0-9a-f]{64}");
    tryDocker("run", "--cidfile", file.toString(), "busybox", "true").expect(125);
  }

  @Test
  void anInitProcessReapsAndForwardsSignals() throws IOException, InterruptedException {
    Command.Result result =
        tryDocker("run", "--rm", "--init", "busybox", "sh", "-c", "cat /proc/1/cmdline; exit 5");
    assertThat(result.expect(5).out()).contains("init");
  }

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void eachRuntimeWorksWhenNamed(String runtime) throws IOException, InterruptedException {
    Daemon.kemasOnly("dockerd knows crun only by --add-runtime");
    Command.Result result =
        tryDocker("run", "--rm", "--runtime", runtime, "busybox", "echo", "hello");
    assertThat(result.expect(0).out()).isEqualTo("hello\n");
  }
}
