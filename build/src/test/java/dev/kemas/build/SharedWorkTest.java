package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds that go on at the same time. */
@Timeout(60)
class SharedWorkTest {
  @TempDir Path temp;
  private Path context;
  private FakeEngine engine;

  @BeforeEach
  void prepare() throws IOException {
    context = Files.createDirectories(temp.resolve("context"));
    engine = new FakeEngine(Files.createDirectories(temp.resolve("engine")));
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(engine.open).hasValue(0);
  }

  private void dockerfile(String text) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), text);
  }

  @Test
  void twoBuildsAtOnceDoNotDisturbEachOther() throws Exception {
    dockerfile("FROM base\nRUN one\nRUN two\n");
    Builder builder = new Builder(engine.services());
    List<Digest> ids = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.startVirtualThread(() ->
              ids.add(
                  builder.build(BuildRequest.of(context), event -> {}, new Cancellation()).id())));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(ids).hasSize(4);
    ids.forEach(id -> assertThat(engine.files(id)).contains("/log = one;two;"));
  }

  @Test
  void buildsOfTheSameAtTheSameTimeDoItOnceAndBothHearOfIt() throws Exception {
    CountDownLatch runs = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    engine.executor.on(
        "slow",
        (command, root, output, cancelled) -> {
          byte[] line = "early\n".getBytes(StandardCharsets.UTF_8);
          output.write(false, line, 0, line.length);
          runs.countDown();
          assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
          return 0;
        });
    dockerfile("FROM base\nRUN slow\n");
    Builder builder = new Builder(engine.services());
    List<BuildEvent> first = Collections.synchronizedList(new ArrayList<>());
    List<BuildEvent> second = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch heard = new CountDownLatch(1);
    CompletableFuture<Digest> one =
        inBackground(
            () -> builder.build(BuildRequest.of(context), first::add, new Cancellation()).id());
    assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Digest> two =
        inBackground(() ->
            builder
                .build(
                    BuildRequest.of(context),
                    event -> {
                      second.add(event);
                      if (event instanceof BuildEvent.StepOutput) {
                        heard.countDown();
                      }
                    },
                    new Cancellation())
                .id());
    assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
    goOn.countDown();
    assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo(two.get(20, TimeUnit.SECONDS));
    assertThat(engine.executor.commands).containsExactly("slow");
  }

  @Test
  void whoReadsSlowlyHoldsUpNobody() throws Exception {
    int lines = 5_000;
    byte[] line = (" ".repeat(999) + "\n").getBytes(StandardCharsets.UTF_8);
    CountDownLatch joined = new CountDownLatch(1);
    engine.executor.on(
        "loud",
        (command, root, output, cancelled) -> {
          output.write(false, line, 0, line.length);
          assertThat(joined.await(20, TimeUnit.SECONDS)).isTrue();
          for (int i = 1; i < lines; i++) {
            output.write(false, line, 0, line.length);
          }
          return 0;
        });
    dockerfile("FROM base\nRUN loud\n");
    Builder builder = new Builder(engine.services());
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch reads = new CountDownLatch(1);
    List<BuildEvent> slow = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Digest> first =
        inBackground(() ->
            builder
                .build(
                    BuildRequest.of(context),
                    event -> {
                      if (event instanceof BuildEvent.StepOutput) {
                        stuck.countDown();
                        awaited(reads);
                      }
                      slow.add(event);
                    },
                    new Cancellation())
                .id());
    assertThat(stuck.await(20, TimeUnit.SECONDS)).isTrue();
    AtomicInteger heard = new AtomicInteger();
    CompletableFuture<Digest> second =
        inBackground(() ->
            builder
                .build(
                    BuildRequest.of(context),
                    event -> {
                      if (event instanceof BuildEvent.StepOutput) {
                        heard.incrementAndGet();
                        joined.countDown();
                      }
                    },
                    new Cancellation())
                .id());
    Digest id = second.get(20, TimeUnit.SECONDS);
    assertThat(heard).hasValueGreaterThan(500);
    assertThat(first).isNotDone();
    reads.countDown();
    assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(id);
    List<String> texts =
        slow.stream()
            .filter(BuildEvent.StepOutput.class::isInstance)
            .map(event -> ((BuildEvent.StepOutput) event).text())
            .toList();
    assertThat(texts)
        .hasSizeBetween(500, 1_200)
        .filteredOn(t -> t.contains("left out"))
        .isNotEmpty();
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void workGoesToTheOneWhoStaysWhenItsFirstClientGoes() throws Exception {
    CountDownLatch runs = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch heard = new CountDownLatch(1);
    engine.executor.on(
        "slow",
        (command, root, output, cancelled) -> {
          byte[] line = "early\n".getBytes(StandardCharsets.UTF_8);
          output.write(false, line, 0, line.length);
          runs.countDown();
          assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
          cancelled.check();
          return 0;
        });
    dockerfile("FROM base\nRUN slow\n");
    Builder builder = new Builder(engine.services());
    Cancellation gone = new Cancellation();
    CompletableFuture<Digest> one =
        inBackground(() -> builder.build(BuildRequest.of(context), event -> {}, gone).id());
    assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Digest> two =
        inBackground(() ->
            builder
                .build(
                    BuildRequest.of(context),
                    event -> {
                      if (event instanceof BuildEvent.StepOutput) {
                        heard.countDown();
                      }
                    },
                    new Cancellation())
                .id());
    assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
    gone.cancel("the first client went away");
    goOn.countDown();
    assertThat(two.get(20, TimeUnit.SECONDS)).isNotNull();
    assertThatThrownBy(() -> one.get(20, TimeUnit.SECONDS))
        .hasRootCauseMessage("the first client went away");
    assertThat(engine.executor.commands).containsExactly("slow");
  }

  private static CompletableFuture<Digest> inBackground(Supplier<Digest> work) {
    return CompletableFuture.supplyAsync(work, Thread::startVirtualThread);
  }
}
