package dev.kemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The duties of every OCI runtime that we drive, on the real ones. */
@ParameterizedClass
@ValueSource(strings = {"crun", "runc"})
final class ContainerRuntimeTest {
  private static final CreateRequest.LogLimits LIMITS = new CreateRequest.LogLimits(200_000, 3);
  private final String name;
  private final BlockingQueue<Observed.Exit> exits = new LinkedBlockingQueue<>();
  private final String id = "kt-" + Long.toHexString(System.nanoTime());
  @TempDir Path folder;
  private Box box;
  private ContainerRuntime runtime;
  private Bundle bundle;

  ContainerRuntimeTest(String name) {
    this.name = name;
  }

  @BeforeEach
  void open() throws IOException {
    box = new Box(folder, id);
    bundle = new Bundle(id, Files.createDirectories(folder.resolve("bundle")));
    runtime = reopen();
  }

  private ContainerRuntime reopen() {
    return box.open(name);
  }

  @AfterEach
  void nothingIsLeft() throws IOException, InterruptedException {
    runtime.delete(bundle);
    if (runtime.observe(bundle) instanceof Observed.Alive) {
      exits.poll(10, TimeUnit.SECONDS);
    }
    runtime.close();
    assertThat(Path.of("/sys/fs/cgroup/memory", "kt", id)).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
    Box.removeCgroups();
  }

  private void create(boolean terminal, boolean stdin, String... args) {
    runtime.create(
        new CreateRequest(bundle, box.spec(terminal, args), terminal, stdin, true, "", LIMITS),
        (b, exit) -> exits.add(exit));
  }

  private void run(String... args) {
    create(false, false, args);
    runtime.start(bundle);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    return copy;
  }

  private Observed.Exit exit() throws InterruptedException {
    Observed.Exit exit = exits.poll(20, TimeUnit.SECONDS);
    assertThat(exit).as("the container ends").isNotNull();
    return exit;
  }

  private String log(boolean stdout, boolean stderr, OptionalLong tail) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    runtime
        .logs(bundle)
        .read(
            new LogQuery(stdout, stderr, Optional.empty(), Optional.empty(), tail, false),
            () -> false,
            line -> {
              all.writeBytes(bytes(line.content()));
              return true;
            });
    return all.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theExitCodeAndBothOutputsAreKept() throws InterruptedException {
    run("sh", "-c", "echo out; echo err >&2; printf end; exit 7");
    assertThat(exit().code()).isEqualTo(7);
    assertThat(log(true, false, OptionalLong.empty())).isEqualTo("out\nend");
    assertThat(log(false, true, OptionalLong.empty())).isEqualTo("err\n");
    assertThat(log(true, true, OptionalLong.of(1))).isIn("end", "err\n");
    assertThat(runtime.observe(bundle)).isInstanceOf(Observed.Ended.class);
  }

  @Test
  void aSignalEndsItWith128AndItsNumber() throws InterruptedException {
    run("sleep", "1000");
    assertThat(runtime.processes(bundle)).hasSize(1);
    runtime.signal(bundle, Signal.KILL);
    assertThat(exit().code()).isEqualTo(137);
    assertThatThrownBy(() -> runtime.signal(bundle, Signal.KILL))
        .isInstanceOf(Fault.Conflict.class);
  }

  @Test
  void whoAttachesBeforeTheStartMissesNothing() throws InterruptedException {
    create(false, true, "sh", "-c", "cat; seq 20000; echo e >&2");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (Attachment attachment = runtime.attach(bundle)) {
      CompletableFuture<Void> pump =
          CompletableFuture.runAsync(() ->
              attachment.pump((stream, bytes) -> {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                (stream == Attachment.Stream.STDOUT ? out : err).writeBytes(copy);
              }));
      runtime.start(bundle);
      attachment.write(ByteBuffer.wrap("typed\n".repeat(5000).getBytes(StandardCharsets.UTF_8)));
      attachment.endInput();
      pump.join();
    }
    assertThat(exit().code()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("typed\ntyped\n")
        .endsWith("\n19999\n20000\n")
        .hasSize(30_000 + 108_894);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("e\n");
  }

  @Test
  @Timeout(60)
  void aTerminalHasItsSize() throws InterruptedException {
    // the size goes its own way to the terminal, and may come after what is typed
    create(
        true,
        true,
        "sh",
        "-c",
        "read x; while [ \"$(stty size)\" != '33 77' ]; do :; done; stty size");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Attachment attachment = runtime.attach(bundle)) {
      runtime.start(bundle);
      runtime.resize(bundle, 33, 77);
      attachment.write(ByteBuffer.wrap("\n".getBytes(StandardCharsets.UTF_8)));
      attachment.pump((stream, bytes) -> {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        out.writeBytes(copy);
      });
    }
    exit();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("33 77");
  }

  @Test
  void aFurtherProcessHasItsOwnStreamsAndCode() throws Exception {
    run("sleep", "1000");
    try (ExecSession exec =
        runtime.exec(
            bundle,
            new ExecRequest(
                "e1", Box.process(false, "sh", "-c", "cat; echo b >&2; exit 5"), true, true))) {
      exec.stdin().write("a".getBytes(StandardCharsets.UTF_8));
      exec.stdin().close();
      assertThat(exec.stdout().readAllBytes()).asString().isEqualTo("a");
      assertThat(exec.stderr().readAllBytes()).asString().isEqualTo("b\n");
      assertThat(exec.await()).isEqualTo(new ExecSession.Outcome.Ended(5));
    }
  }

  @Test
  void aFurtherProcessHasATerminalIfItAsks() throws Exception {
    run("sleep", "1000");
    try (ExecSession exec =
        runtime.exec(
            bundle,
            new ExecRequest("e2", Box.process(true, "sh", "-c", "tty; exit 4"), true, true))) {
      assertThat(exec.stdout().readAllBytes()).asString().contains("/dev/pts/");
      assertThat(exec.await()).isEqualTo(new ExecSession.Outcome.Ended(4));
    }
  }

  @Test
  void aMissingProgramIs127AndOneThatCannotRunIs126() throws Exception {
    assertThatThrownBy(() -> create(false, false, "nosuch"))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("exec: \"nosuch\": executable file not found in $PATH")
        .satisfies(e -> assertThat(RuntimeErrors.exitCode(e.getMessage())).isEqualTo(127));
    assertThatThrownBy(() -> run("/etc/text"))
        .isInstanceOf(Fault.class)
        .satisfies(e ->
            assertThat(RuntimeErrors.exitCode(e.getMessage())).as(e.getMessage()).isEqualTo(126));
  }

  @Test
  void aFurtherProcessThatCannotStartSaysWhy() throws Exception {
    run("sleep", "1000");
    try (ExecSession exec =
        runtime.exec(bundle, new ExecRequest("e3", Box.process(false, "nosuch"), false, true))) {
      exec.stdout().readAllBytes();
      assertThat(exec.await())
          .isInstanceOfSatisfying(
              ExecSession.Outcome.NotStarted.class,
              n -> {
                assertThat(n.code()).isEqualTo(127);
                assertThat(n.message()).contains("\"nosuch\": executable file not found");
              });
    }
  }

  @Test
  void anotherEngineTakesItOver() throws InterruptedException {
    run("sh", "-c", "sleep 0.7; echo later; exit 3");
    runtime.close();
    runtime = reopen();
    exits.clear();
    assertThat(runtime.adopt(bundle, LIMITS, (b, exit) -> exits.add(exit)))
        .isInstanceOf(Observed.Alive.class);
    assertThat(exit().code()).isEqualTo(3);
    assertThat(log(true, true, OptionalLong.empty())).isEqualTo("later\n");
  }

  @Test
  void oneThatLosesItsMonitorIsEnded() throws InterruptedException {
    run("sleep", "1000");
    Observed.Alive alive = (Observed.Alive) runtime.observe(bundle);
    ProcessHandle.of(alive.conmonPid()).orElseThrow().destroyForcibly();
    assertThat(exit())
        .extracting(Observed.Exit::code, Observed.Exit::watched)
        .containsExactly(137, false);
    assertThat(livesOn(alive.pid())).isFalse();
  }

  private static boolean livesOn(int pid) {
    try {
      // a zombie that nobody has collected yet does not live
      return !Files.readString(Path.of("/proc", Integer.toString(pid), "stat")).contains(") Z ");
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void aLogNeverGrowsWithoutEndAndAFollowerSeesItAll() throws Exception {
    create(
        false,
        false,
        "sh",
        "-c",
        "i=0; while [ $i -lt 12 ]; do seq 1000; sleep 0.2; i=$((i+1)); done");
    CompletableFuture<Long> followed =
        CompletableFuture.supplyAsync(() -> {
          long[] lines = new long[1];
          runtime
              .logs(bundle)
              .read(
                  new LogQuery(
                      true, true, Optional.empty(), Optional.empty(), OptionalLong.empty(), true),
                  () -> runtime.observe(bundle) instanceof Observed.Alive,
                  line -> {
                    lines[0]++;
                    return true;
                  });
          return lines[0];
        });
    runtime.start(bundle);
    exit();
    assertThat(followed.get(20, TimeUnit.SECONDS)).isEqualTo(12_000);
    long kept = 0;
    try (var files = Files.list(bundle.folder())) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("log")).toList()) {
        kept += Files.size(file);
      }
    }
    assertThat(kept).isGreaterThan(100_000).isLessThan(1_000_000);
  }

  @Test
  void pausedProcessesStandStill() throws InterruptedException {
    run("sh", "-c", "while :; do echo x; sleep 0.02; done");
    runtime.pause(bundle);
    // what was written before the freeze may still be on its way into the log
    assertThat(exits.poll(200, TimeUnit.MILLISECONDS)).isNull();
    String before = log(true, true, OptionalLong.empty());
    assertThat(exits.poll(200, TimeUnit.MILLISECONDS)).isNull();
    assertThat(log(true, true, OptionalLong.empty())).isEqualTo(before);
    runtime.resume(bundle);
    runtime.delete(bundle);
    exit();
  }
}
