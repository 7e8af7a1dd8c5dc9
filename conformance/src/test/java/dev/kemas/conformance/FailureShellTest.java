package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kemas build --on-error=shell} on a real pseudo terminal, which script(1) makes. */
final class FailureShellTest extends Engines {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String FAILS =
      """
      FROM busybox AS other
      RUN echo ticking; sleep 300
      FROM busybox
      ENV FOO=of-the-step
      WORKDIR /w
      RUN chmod 777 .
      USER app
      RUN --mount=type=cache,target=/c,mode=0777 --mount=type=secret,id=t,env=TOKEN --network=none \\
          echo made > file; echo kept > /c/kept; exit 42
      COPY --from=other /etc/passwd /
      """;

  @TempDir Path context;
  private final StringBuilder screen = new StringBuilder();
  private Process script;

  @BeforeEach
  void onlyHere() {
    Daemon.kemasOnly("other builders open no shell in a failed step");
    synchronized (screen) {
      screen.setLength(0);
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    if (script != null) {
      script.destroyForcibly().waitFor();
    }
  }

  private void build(String dockerfile) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    Path secret = Files.writeString(context.resolve("secret"), "s3cr3t");
    String kemas =
        "stty cols 100 rows 30; exec %s -H %s build --on-error=shell --secret id=t,src=%s %s"
            .formatted(
                Daemon.distribution().resolve("bin/kemas").toAbsolutePath(),
                daemon.address(),
                secret,
                context);
    script =
        new ProcessBuilder("script", "-qefc", kemas, "/dev/null").redirectErrorStream(true).start();
    Thread.ofPlatform().daemon().start(this::watch);
  }

  private void watch() {
    byte[] some = new byte[1000];
    try (InputStream in = script.getInputStream()) {
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        synchronized (screen) {
          screen.append(new String(some, 0, n, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException ended) {
      synchronized (screen) {
        screen.append("[the terminal is closed]");
      }
    }
  }

  private String seen() {
    synchronized (screen) {
      return screen.toString();
    }
  }

  private void awaitText(String text) {
    try {
      Wait.until(text + " is seen", PATIENCE, () -> seen().contains(text));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ": " + seen(), e);
    }
  }

  private void type(String line) throws IOException {
    OutputStream keys = script.getOutputStream();
    keys.write((line + "\r").getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  private int code() throws InterruptedException {
    assertThat(script.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(seen()).isTrue();
    return script.exitValue();
  }

  /** Containers of builds, mounts of their file systems, and their layers that are not finished. */
  private List<String> inUse() throws IOException {
    List<String> found = new ArrayList<>();
    for (String kind : List.of("containers", "mounts")) {
      try (Stream<Path> all = Files.list(daemon.dataRoot().resolve("build").resolve(kind))) {
        all.forEach(path -> found.add(path.toString()));
      }
    }
    for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
      if (line.contains(daemon.dataRoot().resolve("build").toString())) {
        found.add(line);
      }
    }
    return found;
  }

  private void awaitNothingInUse() {
    Wait.until("nothing of the build is left", PATIENCE, () -> inUse().isEmpty());
  }

  @Test
  void theShellIsInWhatTheStepHadAndTheBuildFailsAsTheStep() throws Exception {
    build(FAILS);
    awaitText("This is a shell where it failed");
    // what it prints differs from what is typed, which the terminal shows, too
    type("echo = $(cat file /c/kept) $FOO $TOKEN $(id -un) $(ls /sys/class/net) $(tty)");
    awaitText("= made kept of-the-step s3cr3t app lo /dev/pts/0");
    type("echo begun $((40 + 3)); sleep 300; echo not $((40 + 2))");
    awaitText("begun 43");
    type("\u0003");
    // what is typed before the terminal has taken the key is thrown away with it
    awaitText("^C");
    type("echo interrupted $((40 + 1))");
    awaitText("interrupted 41");
    type("exit 3");
    assertThat(code()).isEqualTo(42);
    assertThat(seen()).contains("returned a non-zero code: 42").doesNotContain("not 42");
    awaitNothingInUse();
  }

  @Test
  void itEndsWithItsClient() throws Exception {
    build(FAILS);
    awaitText("This is a shell where it failed");
    type("sleep 300");
    assertThat(inUse()).isNotEmpty();
    script.descendants().forEach(ProcessHandle::destroyForcibly);
    awaitNothingInUse();
    build("FROM busybox\nRUN true\n");
    assertThat(code()).isZero();
  }

  @Test
  void itEndsWithTheDaemon() throws Exception {
    build(FAILS);
    awaitText("This is a shell where it failed");
    daemon.terminate();
    assertThat(code()).isNotZero();
    assertThat(inUse()).isEmpty();
    daemon.restart();
  }

  @Test
  void otherBuildsGoOnWhileSomebodySitsAtIt() throws Exception {
    build(FAILS);
    awaitText("This is a shell where it failed");
    Path other = Files.createDirectory(context.resolve("other"));
    Files.writeString(
        other.resolve("Dockerfile"),
        """
        FROM busybox AS one
        RUN sleep 1; echo > /1
        FROM busybox
        RUN sleep 1; echo > /2
        COPY --from=one /1 /
        """);
    daemon.ok("kemas", "build", other.toString());
    type("exit");
    assertThat(code()).isEqualTo(42);
  }

  @Test
  void anImageWithoutAShellIsSaidToHaveNone() throws Exception {
    Files.copy(Path.of("/bin/busybox"), context.resolve("false"));
    build("FROM scratch\nCOPY --chmod=755 false /bin/false\nRUN [\"/bin/false\"]\n");
    assertThat(code()).isEqualTo(1);
    assertThat(seen()).contains("There is no shell in this step's file system (/bin/sh)");
    awaitNothingInUse();
  }

  @Test
  void withoutATerminalNothingIsBuilt() throws Exception {
    Files.writeString(context.resolve("Dockerfile"), FAILS);
    Command.Result refused = daemon.run("kemas", "build", "--on-error=shell", context.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("--on-error=shell").contains("standard input is none");
    assertThat(refused.out()).isEmpty();
    assertThat(daemon.run("kemas", "build", "--on-error=ask", context.toString()).err())
        .contains("want shell");
  }
}
