package dev.kemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.linux.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a container that writes as fast as it can leaves on the disk, and what a quiet one costs.
 */
final class LogFloodTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final LogQuery FOLLOW =
      new LogQuery(true, true, Optional.empty(), Optional.empty(), OptionalLong.empty(), true);

  private final BlockingQueue<Observed.Exit> exits = new LinkedBlockingQueue<>();
  private final String id = "kt-" + Long.toHexString(System.nanoTime());
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
  void nothingIsLeft() throws IOException, InterruptedException {
    runtime.delete(bundle);
    if (runtime.observe(bundle) instanceof Observed.Alive) {
      exits.poll(10, TimeUnit.SECONDS);
    }
    runtime.close();
    Box.removeCgroups();
  }

  private void run(CreateRequest.LogLimits limits, String... args) {
    runtime.create(
        new CreateRequest(bundle, box.spec(false, args), false, false, true, "", limits),
        (b, exit) -> exits.add(exit));
    runtime.start(bundle);
  }

  /** The sizes of the log's files, each counted once whatever its names. */
  private Map<Object, Long> sizes() throws IOException {
    Map<Object, Long> sizes = new HashMap<>();
    try (Stream<Path> files = Files.list(bundle.folder())) {
      for (Path file : files.toList()) {
        try {
          if (file.getFileName().toString().startsWith("log")) {
            sizes.put(Files.readAttributes(file, "unix:ino").get("ino"), Files.size(file));
          }
        } catch (NoSuchFileException renamed) {
          // it is found under its next name
          continue;
        }
      }
    }
    return sizes;
  }

  private long seen(CreateRequest.LogLimits limits, Duration time) throws IOException {
    long slack = Math.max(limits.fileBytes() / 4, 1 << 20);
    long written = 0;
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      Map<Object, Long> sizes = sizes();
      assertThat(sizes.values())
          .allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(limits.fileBytes() + slack));
      long all = sizes.values().stream().mapToLong(Long::longValue).sum();
      // one file more than are kept, while the names move
      assertThat(all).isLessThanOrEqualTo((limits.files() + 1) * (limits.fileBytes() + slack));
      written = Math.max(written, all);
    }
    return written;
  }

  @Test
  void aFloodStaysWithinTheLimit() throws Exception {
    CreateRequest.LogLimits limits = new CreateRequest.LogLimits(8_000_000, 2);
    run(limits, "yes");
    assertThat(seen(limits, Duration.ofSeconds(3))).isGreaterThan(limits.fileBytes());
    runtime.signal(bundle, Signal.KILL);
    assertThat(exits.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void aFloodWhileNoEngineRunsStaysWithinTheLimitAndIsTakenOver() throws Exception {
    CreateRequest.LogLimits limits = new CreateRequest.LogLimits(4_000_000, 3);
    run(limits, "yes");
    runtime.close();
    assertThat(seen(limits, Duration.ofSeconds(2))).isGreaterThan(limits.fileBytes());
    runtime = box.open("");
    assertThat(runtime.adopt(bundle, limits, (b, exit) -> exits.add(exit)))
        .isInstanceOf(Observed.Alive.class);
    assertThat(seen(limits, Duration.ofSeconds(1))).isGreaterThan(limits.fileBytes());
    runtime.signal(bundle, Signal.KILL);
    assertThat(exits.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void aFollowerHearsAtOnceOverRotationsAndOfTheEnd() throws Exception {
    run(
        new CreateRequest.LogLimits(20_000, 12),
        "sh",
        "-c",
        "i=0; while [ $i -lt 8 ]; do seq 400; sleep 0.1; i=$((i+1)); done");
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    CompletableFuture<Boolean> ended =
        CompletableFuture.supplyAsync(
            () -> {
              runtime
                  .logs(bundle)
                  .read(
                      FOLLOW,
                      () -> runtime.observe(bundle) instanceof Observed.Alive,
                      line -> lines.add(StandardCharsets.UTF_8.decode(line.content()).toString()));
              return true;
            },
            task -> Thread.ofVirtual().start(task));
    assertThat(ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(lines).hasSize(8 * 400);
  }

  @Test
  void whoFollowsAQuietLogCanBeSentAway() throws Exception {
    run(CreateRequest.LogLimits.DEFAULT, "sh", "-c", "echo here; exec sleep 100");
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    LogReader reader = runtime.logs(bundle);
    CompletableFuture<Boolean> ended =
        CompletableFuture.supplyAsync(
            () -> {
              reader.read(
                  FOLLOW,
                  () -> true,
                  line -> lines.add(StandardCharsets.UTF_8.decode(line.content()).toString()));
              return true;
            },
            task -> Thread.ofVirtual().start(task));
    assertThat(lines.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo("here\n");
    reader.close();
    assertThat(ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    runtime.signal(bundle, Signal.KILL);
    assertThat(exits.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void nobodyLooksAtAQuietLog() throws Exception {
    run(CreateRequest.LogLimits.DEFAULT, "sleep", "100");
    LogReader reader = runtime.logs(bundle);
    int[] asked = new int[1];
    Thread follower =
        Thread.ofVirtual()
            .start(() ->
                reader.read(
                    FOLLOW,
                    () -> {
                      asked[0]++;
                      return true;
                    },
                    line -> true));
    assertThat(exits.poll(1, TimeUnit.SECONDS)).isNull();
    assertThat(asked[0]).isLessThan(6);
    reader.close();
    follower.join();
    runtime.signal(bundle, Signal.KILL);
    assertThat(exits.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).isNotNull();
  }
}
