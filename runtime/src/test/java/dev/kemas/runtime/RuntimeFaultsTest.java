package dev.kemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.KernelMounter;
import dev.kemas.linux.Mount;
import dev.kemas.linux.PidFd;
import dev.kemas.linux.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong around a container, and what must still be right then. */
final class RuntimeFaultsTest {
  private static final CreateRequest.LogLimits LIMITS = new CreateRequest.LogLimits(100_000, 20);
  private final BlockingQueue<Observed.Exit> exits = new LinkedBlockingQueue<>();
  private final String id = "kf-" + Long.toHexString(System.nanoTime());
  @TempDir Path folder;
  private Box box;
  private ContainerRuntime runtime;
  private Bundle bundle;

  @BeforeEach
  void open() throws IOException {
    box = new Box(folder, id);
    bundle = new Bundle(id, Files.createDirectories(folder.resolve("bundle")));
    runtime = box.open("");
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    runtime.delete(bundle);
    runtime.close();
    new KernelMounter().unmount(bundle.folder());
    Box.removeCgroups();
  }

  private void create(String... args) {
    runtime.create(
        new CreateRequest(bundle, box.spec(false, args), false, false, true, "", LIMITS),
        (b, exit) -> exits.add(exit));
  }

  private Observed.Exit exit() throws InterruptedException {
    Observed.Exit exit = exits.poll(30, TimeUnit.SECONDS);
    assertThat(exit).as("the container ends").isNotNull();
    return exit;
  }

  private LogQuery query(boolean follow) {
    return new LogQuery(
        true, true, Optional.empty(), Optional.empty(), OptionalLong.empty(), follow);
  }

  @Test
  void theExitCodeIsKnownAlsoWhenTheDiskIsFull() throws Exception {
    new KernelMounter().mount(new Mount("tmpfs", "tmpfs", List.of("size=256k")), bundle.folder());
    create("sh", "-c", "read x < /proc/self/stat; sleep 0.3; exit 6");
    runtime.start(bundle);
    Path filler = bundle.folder().resolve("filler");
    assertThatThrownBy(() -> Files.write(filler, new byte[1 << 20]))
        .hasMessageContaining("No space left");
    assertThat(exit())
        .extracting(Observed.Exit::code, Observed.Exit::watched)
        .containsExactly(6, true);
    assertThat(runtime.observe(bundle))
        .isInstanceOfSatisfying(
            Observed.Ended.class, ended -> assertThat(ended.exit().code()).isEqualTo(6));
    Files.delete(filler);
    runtime.observe(bundle);
    assertThat(bundle.exit()).as("kept in the bundle once there is room").hasContent("6");
  }

  @Test
  void aRuntimeThatIsNotThereIsNamed() {
    Path missing = folder.resolve("no-such-runtime");
    try (ContainerRuntime other =
        ContainerRuntime.open(
            new RuntimeSettings(folder.resolve("state2"), "kt", "mine", Map.of("mine", missing)))) {
      assertThatThrownBy(() ->
              other.create(
                  new CreateRequest(
                      bundle, box.spec(false, "true"), false, false, true, "", LIMITS),
                  (b, exit) -> exits.add(exit)))
          .isInstanceOf(Fault.class)
          .hasMessageContaining(missing.toString());
    }
  }

  @Test
  void aReaderThatIsSlowerThanTheRotationMissesNothing() throws Exception {
    create("sh", "-c", "i=0; while [ $i -lt 8 ]; do seq 3000; sleep 0.6; i=$((i+1)); done; exit 0");
    CountDownLatch rotated = new CountDownLatch(1);
    StringBuilder seen = new StringBuilder();
    CompletableFuture<Void> follower =
        CompletableFuture.runAsync(() ->
            runtime
                .logs(bundle)
                .read(
                    query(true),
                    () -> runtime.observe(bundle) instanceof Observed.Alive,
                    line -> {
                      byte[] bytes = new byte[line.content().remaining()];
                      line.content().get(bytes);
                      seen.append(new String(bytes, StandardCharsets.UTF_8));
                      if (seen.length() > 1000) {
                        await(rotated);
                      }
                      return true;
                    }));
    runtime.start(bundle);
    await(() -> Files.exists(bundle.log(3)));
    rotated.countDown();
    exit();
    follower.get(30, TimeUnit.SECONDS);
    StringBuilder wanted = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      for (int k = 1; k <= 3000; k++) {
        wanted.append(k).append('\n');
      }
    }
    assertThat(seen.length()).isEqualTo(wanted.length());
    assertThat(seen.toString()).isEqualTo(wanted.toString());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      // the listener's queue is the clock: nothing is in it while the container runs
      assertThat(exits.poll(10, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  /** Makes and starts a container, says its process, and lives on until it is killed. */
  public static final class Engine {
    private Engine() {}

    /** Folder and id. */
    public static void main(String[] args) throws Exception {
      Path folder = Path.of(args[0]);
      Bundle bundle = new Bundle(args[1], folder.resolve("bundle"));
      Box box = new Box(folder, bundle.id());
      ContainerRuntime runtime = box.open("");
      int pid =
          runtime.create(
              new CreateRequest(
                  bundle,
                  box.spec(
                      false,
                      "sh",
                      "-c",
                      "trap 'echo hangup' HUP INT TERM; echo one; until [ -e /go ]; do sleep 0.05; done; echo two; exit 9"),
                  false,
                  false,
                  true,
                  "",
                  LIMITS),
              (b, exit) -> System.out.println("ended"));
      runtime.start(bundle);
      System.out.println(pid);
      Thread.sleep(Duration.ofHours(1));
    }
  }

  private Process engine() throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Engine.class.getName(),
            folder.toString(),
            id)
        .redirectErrorStream(true)
        .start();
  }

  @Test
  void anEngineThatIsKilledLosesNoOutputAndNoExitCode() throws Exception {
    Process engine = engine();
    try (BufferedReader said = engine.inputReader()) {
      String line = said.readLine();
      while (line != null && !line.matches("\\d+")) {
        line = said.readLine();
      }
      assertThat(line).as("the engine started the container").isNotNull();
      int pid = Integer.parseInt(line);
      engine.destroyForcibly().waitFor();
      try (PidFd container = PidFd.open(pid).orElseThrow()) {
        assertThat(container.awaitExit(Duration.ofMillis(100))).isFalse();
        assertThat(runtime.adopt(bundle, LIMITS, (b, exit) -> exits.add(exit)))
            .isEqualTo(
                new Observed.Alive(pid, ((Observed.Alive) runtime.observe(bundle)).conmonPid()));
        Files.createFile(folder.resolve("rootfs/go"));
        assertThat(exit().code()).isEqualTo(9);
      }
      StringBuilder log = new StringBuilder();
      runtime
          .logs(bundle)
          .read(
              query(false),
              () -> false,
              l -> {
                byte[] bytes = new byte[l.content().remaining()];
                l.content().get(bytes);
                log.append(new String(bytes, StandardCharsets.UTF_8));
                return true;
              });
      assertThat(log.toString()).isEqualTo("one\ntwo\n");
    }
  }

  @Test
  void oneThatEndsWhileNoEngineRunsIsFoundWithItsCode() throws Exception {
    create("sh", "-c", "exit 4");
    Observed.Alive alive = (Observed.Alive) runtime.observe(bundle);
    PidFd monitor = PidFd.open(alive.conmonPid()).orElseThrow();
    runtime.start(bundle);
    exit();
    assertThat(monitor.awaitExit(Duration.ofSeconds(10))).isTrue();
    monitor.close();
    try (ContainerRuntime later = box.open("")) {
      assertThat(later.adopt(bundle, LIMITS, (b, e) -> exits.add(e)))
          .isInstanceOfSatisfying(
              Observed.Ended.class,
              ended -> {
                assertThat(ended.exit().code()).isEqualTo(4);
                assertThat(ended.exit().watched()).isTrue();
              });
    }
    assertThat(exits).isEmpty();
  }

  @Test
  void aProcessThatIsGoneCannotBeSignalled() throws Exception {
    create("true");
    runtime.start(bundle);
    exit();
    assertThatThrownBy(() -> runtime.signal(bundle, Signal.TERM))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("is not running");
    assertThatThrownBy(() -> runtime.attach(bundle)).isInstanceOf(Fault.Conflict.class);
  }
}
