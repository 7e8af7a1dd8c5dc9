package dev.kemas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.linux.Pty;
import dev.kemas.linux.Terminal;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own on a real pseudo terminal. */
final class TerminalTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final StringBuilder typed = new StringBuilder();
  private final StringBuilder seen = new StringBuilder();
  private final AtomicBoolean ends = new AtomicBoolean();
  private Pty pty;
  private Process kemas;

  @BeforeEach
  void open() {
    pty = Pty.open();
    pty.resize(new Terminal.Size(100, 30));
  }

  @AfterEach
  void close() {
    if (kemas != null) {
      kemas.destroyForcibly();
    }
    pty.close();
  }

  private void start(String host, String... words) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                "setsid",
                "-c",
                "-w",
                java,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.kemas.cli.Main",
                "-H",
                host));
    command.addAll(List.of(words));
    File slave = new File(pty.slave());
    kemas =
        new ProcessBuilder(command)
            .redirectInput(slave)
            .redirectOutput(slave)
            .redirectError(slave)
            .start();
    Thread.ofPlatform().daemon().start(this::watch);
  }

  /** Keeps what appears on the screen. */
  private void watch() {
    try {
      InputStream screen = pty.input();
      byte[] buffer = new byte[1000];
      for (int n = screen.read(buffer); n >= 0; n = screen.read(buffer)) {
        synchronized (seen) {
          seen.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
          seen.notifyAll();
        }
      }
    } catch (IOException | RuntimeException closed) {
      ends.set(true);
    }
  }

  private void awaitText(StringBuilder where, String text) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    synchronized (where) {
      while (where.indexOf(text) < 0) {
        assertThat(System.nanoTime()).as("waiting for " + text + " in " + where).isLessThan(end);
        where.wait(100);
      }
    }
  }

  private void type(String keys) throws IOException {
    OutputStream keyboard = pty.output();
    keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
    keyboard.flush();
  }

  private static String answer(String request) {
    if (request.contains("/containers/create")) {
      return "{\"Id\":\"c1\"}";
    }
    return request.contains("/wait") ? "{\"StatusCode\":5}" : "{}";
  }

  /** A process that shows a prompt, keeps what it is sent, and ends at a q. */
  private void process(SocketChannel connection) throws IOException {
    FakeEngine.write(connection, "prompt> ");
    ByteBuffer buffer = ByteBuffer.allocate(1000);
    while (connection.read(buffer.clear()) >= 0) {
      String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
      synchronized (typed) {
        typed.append(text);
        typed.notifyAll();
      }
      if (text.indexOf('q') >= 0) {
        return;
      }
    }
  }

  private int exitStatus() throws InterruptedException {
    assertThat(kemas.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(seen.toString()).isTrue();
    return kemas.exitValue();
  }

  @Test
  void keysGoThroughRawAndTheWindowIsTold() throws Exception {
    try (FakeEngine engine = new FakeEngine(folder, TerminalTest::answer, this::process)) {
      start(engine.host(), "run", "-it", "busybox", "sh");
      awaitText(seen, "prompt> ");
      engine.await(request -> request.equals("POST /containers/c1/resize?h=30&w=100"));
      type("a\u0003\u001a\r");
      awaitText(typed, "a\u0003\u001a\r");
      pty.resize(new Terminal.Size(50, 20));
      engine.await(request -> request.equals("POST /containers/c1/resize?h=20&w=50"));
      type("q");
      assertThat(exitStatus()).isEqualTo(5);
    }
  }

  @Test
  void theDetachKeysLeaveAndAreNotSent() throws Exception {
    try (FakeEngine engine = new FakeEngine(folder, TerminalTest::answer, this::process)) {
      start(engine.host(), "run", "-it", "busybox", "sh");
      awaitText(seen, "prompt> ");
      type("x\u0010");
      awaitText(typed, "x");
      type("\u0011");
      assertThat(exitStatus()).isZero();
      assertThat(typed.toString()).isEqualTo("x");
    }
  }

  @Test
  void theTerminalIsAsBeforeWhenItEnds() throws Exception {
    try (FakeEngine engine = new FakeEngine(folder, TerminalTest::answer, this::process)) {
      String before = modes();
      start(engine.host(), "run", "-it", "--detach-keys", "ctrl-a,d", "busybox", "sh");
      awaitText(seen, "prompt> ");
      type("z");
      awaitText(typed, "z");
      assertThat(modes()).isNotEqualTo(before);
      type("q");
      assertThat(exitStatus()).isEqualTo(5);
      assertThat(modes()).isEqualTo(before);
    }
  }

  private String modes() throws IOException, InterruptedException {
    Process stty = new ProcessBuilder("stty", "-g").redirectInput(new File(pty.slave())).start();
    String text = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(stty.waitFor()).isZero();
    return text;
  }
}
