package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.container.Resources;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.RuntimeSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes of RUN, on a real runtime with a real network. */
@Timeout(60)
class RuntimeExecutorTest {
  private static final Resources UNLIMITED = Json.read("{}", Resources.class, "resources");

  @TempDir Path temp;
  private RealHost host;
  private Path root;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<String> started = new ArrayList<>();
  private String before = "";

  @BeforeEach
  void open() throws IOException {
    host = new RealHost(temp);
    root = Files.createDirectories(temp.resolve("root"));
    RealHost.busybox(root);
    Files.setLastModifiedTime(root.resolve("etc"), FileTime.from(Instant.ofEpochSecond(1000)));
    Files.setLastModifiedTime(root, FileTime.from(Instant.ofEpochSecond(2000)));
    before = FakeEngine.fingerprint(root);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(host.networks.sandboxes()).isEmpty();
    if (Files.exists(temp.resolve("bundles"))) {
      assertThat(temp.resolve("bundles")).isEmptyDirectory();
    }
    host.close();
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(temp.toString());
  }

  private Executor.Command command(String network, String user, String... args) {
    byte[] random = new byte[32];
    ThreadLocalRandom.current().nextBytes(random);
    return new Executor.Command(
        HexFormat.of().formatHex(random),
        List.of(args),
        Optional.empty(),
        List.of("PATH=/bin", "A=b c"),
        "/tmp",
        user,
        network,
        List.of(
            new Executor.Lent(
                RuntimeSpec.Mount.of("/scratch/deep", "tmpfs", "tmpfs", "nosuid", "mode=1777"),
                false)),
        List.of("other:192.0.2.7"),
        UNLIMITED,
        0,
        Executor.Rights.NONE);
  }

  private int run(Executor.Command command, Cancellation cancelled) {
    return host.executor()
        .run(
            command,
            root,
            (stderr, bytes, offset, length) -> (stderr ? err : out).write(bytes, offset, length),
            started::add,
            cancelled)
        .code();
  }

  private String sh(String network, String script) {
    assertThat(run(command(network, "", "/bin/sh", "-c", script), new Cancellation()))
        .as(() -> out + "" + err)
        .isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void outputComesByStreamAndTheFileSystemIsAsItWas() throws IOException {
    assertThat(sh("default", "echo out; echo err >&2; pwd; echo $A; echo $HOME; id -u"))
        .isEqualTo("out\n/tmp\nb c\n/root\n0\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("err\n");
    assertThat(started).hasSize(1);
    assertThat(FakeEngine.fingerprint(root)).isEqualTo(before);
    assertThat(Files.getLastModifiedTime(root.resolve("etc")).toInstant())
        .isEqualTo(Instant.ofEpochSecond(1000));
    assertThat(Files.getLastModifiedTime(root).toInstant()).isEqualTo(Instant.ofEpochSecond(2000));
  }

  @Test
  void whatTheProcessWritesStays() throws IOException {
    sh(
        "none",
        "echo 1 > /etc/new; mkdir -p /proc/x 2>/dev/null; echo 2 > /scratch/deep/gone; true");
    assertThat(FakeEngine.fingerprint(root))
        .isEqualTo(
            before.replace(
                "100644 0:0 /etc/passwd", "100644 0:0 /etc/new = 1\n100644 0:0 /etc/passwd"));
  }

  @Test
  void resolvConfAndHostsAreThereWhileItRuns() {
    assertThat(sh("default", "cat /etc/resolv.conf /etc/hosts"))
        .contains("nameserver 192.0.2.53")
        .containsPattern("192\\.0\\.2\\.7\\s+other");
  }

  @Test
  void networksAreAsAskedFor() {
    assertThat(sh("none", "ls /sys/class/net")).isEqualTo("lo\n");
    out.reset();
    assertThat(sh("default", "ls /sys/class/net")).isEqualTo("eth0\nlo\n");
    assertThatThrownBy(() -> sh("container:abc", "true")).isInstanceOf(Fault.Unsupported.class);
    assertThatThrownBy(() -> sh("nowhere", "true")).isInstanceOf(Fault.NotFound.class);
  }

  @Test
  void theExitCodeIsTold() {
    assertThat(run(command("none", "", "/bin/sh", "-c", "exit 7"), new Cancellation()))
        .isEqualTo(7);
  }

  @Test
  void usersAreLookedUpInTheImage() {
    run(command("none", "user", "/bin/sh", "-c", "id; echo $HOME"), new Cancellation());
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("uid=1000(user) gid=1000(user)")
        .contains("10(wheel)")
        .endsWith("/home/u\n");
    assertThatThrownBy(() -> run(command("none", "stranger", "true"), new Cancellation()))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("unable to find user stranger");
  }

  @Test
  void aMissingCommandIsToldByName() {
    assertThatThrownBy(() -> run(command("none", "", "/no/such"), new Cancellation()))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("/no/such");
  }

  @Test
  void aScriptIsRunAndNotKept() throws IOException {
    Executor.Command plain = command("none", "", "/dev/.kemas/script");
    Executor.Command script =
        new Executor.Command(
            plain.id(),
            plain.args(),
            Optional.of("#!/bin/sh\necho from a script\n"),
            plain.env(),
            plain.cwd(),
            plain.user(),
            plain.network(),
            plain.lent(),
            plain.extraHosts(),
            plain.resources(),
            0,
            Executor.Rights.NONE);
    assertThat(run(script, new Cancellation())).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("from a script\n");
    assertThat(FakeEngine.fingerprint(root)).isEqualTo(before);
  }

  @Test
  void muchOutputIsAllThere() {
    sh("none", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done");
    assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(20000);
  }

  @Test
  void cancellingKillsTheProcess() {
    Cancellation cancellation = new Cancellation();
    assertThatThrownBy(() ->
            host.executor()
                .run(
                    command("none", "", "/bin/sh", "-c", "echo ready; sleep 1000"),
                    root,
                    (stderr, bytes, offset, length) -> cancellation.cancel("no more"),
                    started::add,
                    cancellation))
        .isInstanceOf(Fault.Cancelled.class)
        .hasMessage("no more");
    assertThat(FakeEngine.fingerprint(root)).isEqualTo(before);
  }
}
