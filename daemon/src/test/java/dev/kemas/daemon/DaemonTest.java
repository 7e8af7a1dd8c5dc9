package dev.kemas.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as a process: it answers, keeps a second one off, and stops cleanly. */
class DaemonTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endAll() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  private Process start(String name, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.kemas.daemon.Main",
                "--bridge=none",
                "-H",
                "unix://" + socket(name),
                "--exec-root",
                folder.resolve(name + "-run").toString()));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log(name).toFile())
            .start();
    processes.add(process);
    return process;
  }

  private Path socket(String name) {
    return folder.resolve(name + ".sock");
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private String data() {
    return "--data-root=" + folder.resolve("data");
  }

  private void awaitAnswer(String name, Process process) throws IOException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!answers(socket(name))) {
      assertThat(process.isAlive()).as(Files.readString(log(name))).isTrue();
      assertThat(Instant.now()).as(Files.readString(log(name))).isBefore(end);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static boolean answers(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(
          ByteBuffer.wrap("GET /_ping HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(15);
      channel.read(answer);
      return new String(answer.array(), StandardCharsets.US_ASCII).contains("200");
    } catch (IOException e) {
      return false;
    }
  }

  private static int exitCode(Process process) throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void itAnswersKeepsASecondOneOffAndStopsCleanly() throws Exception {
    Process first = start("first", data());
    awaitAnswer("first", first);
    assertThat(folder.resolve("first-run/kemas.pid")).hasContent(Long.toString(first.pid()));

    Process second = start("second", data());
    assertThat(exitCode(second)).isEqualTo(1);
    assertThat(Files.readString(log("second")))
        .contains("failed to start daemon: the data root")
        .contains("is in use by another daemon (process " + first.pid() + ")");
    assertThat(answers(socket("first"))).isTrue();

    first.destroy();
    assertThat(exitCode(first)).isZero();
    assertThat(socket("first")).doesNotExist();
    assertThat(folder.resolve("first-run/kemas.pid")).doesNotExist();
  }

  @Test
  void oneThatWasKilledIsFollowedByAnother() throws Exception {
    Process first = start("first", data());
    awaitAnswer("first", first);
    first.destroyForcibly().waitFor();
    assertThat(socket("first")).exists();
    Process next = start("first", data());
    awaitAnswer("first", next);
    next.destroy();
    assertThat(exitCode(next)).isZero();
  }

  @Test
  void badFlagsAndBadValuesHaveTheirOwnExitCodes() throws Exception {
    assertThat(exitCode(start("a", "--nope"))).isEqualTo(125);
    assertThat(Files.readString(log("a")))
        .isEqualTo("unknown flag: --nope\nSee 'kemasd --help'.\n");
    assertThat(exitCode(start("b", "--bip=nonsense", data()))).isEqualTo(1);
    assertThat(exitCode(start("c", "--validate", data()))).isZero();
    assertThat(Files.readString(log("c"))).isEqualTo("configuration OK\n");
    assertThat(exitCode(start("d", "--version"))).isZero();
    assertThat(Files.readString(log("d"))).startsWith("Kemas version ");
  }
}
