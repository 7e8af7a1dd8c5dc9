package dev.kemas.engine;

import static dev.kemas.engine.Lab.noNetwork;
import static dev.kemas.engine.Lab.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When containers are started again, also by the next engine. */
final class PolicyTest {
  @TempDir static Path folder;
  private static Lab lab;

  @BeforeAll
  static void open() {
    lab = Lab.open(folder).withBusybox();
  }

  @AfterEach
  void removeAll() {
    lab.removeAll();
  }

  @AfterAll
  static void nothingIsLeft() {
    assertThat(lab.destroy()).isEmpty();
  }

  private static void reopen() {
    lab.close();
    lab = Lab.open(folder);
  }

  private static String policy(String name, int most) {
    return noNetwork(
        "\"RestartPolicy\":{\"Name\":\"" + name + "\",\"MaximumRetryCount\":" + most + "}");
  }

  private static ContainerState state(String name) {
    return lab.engine.container(name).state();
  }

  private static void stop(String name) {
    lab.engine.stop(name, Optional.empty(), OptionalInt.of(0));
    assertThat(state(name)).isInstanceOf(ContainerState.Exited.class);
  }

  @Test
  void whatAPersonStoppedTheNextEngineStartsOnlyByAlways() {
    for (String name : List.of("always", "unless-stopped", "on-failure", "no")) {
      lab.start(name, policy(name, 0), "sleep", "100");
      stop(name);
    }
    reopen();
    until("it runs again", () -> state("always").isAlive());
    for (String name : List.of("unless-stopped", "on-failure", "no")) {
      assertThat(state(name)).as(name).isInstanceOf(ContainerState.Exited.class);
    }
  }

  @Test
  void oneThatRunsIsTakenOverAndStartedAgainAtItsEnd() {
    Container made = lab.start("runs", policy("unless-stopped", 0), "sh", "-c", "sleep 1; exit 4");
    reopen();
    assertThat(state("runs").processId()).isEqualTo(made.state().processId());
    until("it was started again", () -> lab.engine.container("runs").restarts() > 0);
    until("it runs", () -> state("runs").isAlive());
  }

  @Test
  void onFailureGivesUpAfterItsCountAndBeginsAnewByHand() {
    Instant before = Instant.now();
    Container made = lab.start("fails", policy("on-failure", 3), "sh", "-c", "exit 6");
    until("it gave up", () -> state("fails") instanceof ContainerState.Exited);
    Container ended = lab.engine.container("fails");
    assertThat(ended.restarts()).isEqualTo(3);
    assertThat(ended.state().lastExitCode()).isEqualTo(6);
    List<Instant> starts = new ArrayList<>();
    lab.events.since(before).stream()
        .filter(e -> e.actor().equals(made.id()) && e.action().equals("start"))
        .forEach(e -> starts.add(e.at()));
    assertThat(starts).hasSize(4);
    for (int i = 1; i < starts.size(); i++) {
      assertThat(Duration.between(starts.get(i - 1), starts.get(i)))
          .isGreaterThanOrEqualTo(Duration.ofMillis(100L << (i - 1)));
    }
    reopen();
    assertThat(state("fails")).isInstanceOf(ContainerState.Exited.class);
    lab.engine.start("fails");
    until("it gave up again", () -> state("fails") instanceof ContainerState.Exited);
    assertThat(lab.engine.container("fails").restarts()).isEqualTo(3);
  }

  @Test
  void successIsNoFailure() {
    lab.start("good", policy("on-failure", 0), "true");
    until("it ended", () -> state("good") instanceof ContainerState.Exited);
    assertThat(lab.engine.container("good").restarts()).isZero();
  }

  @Test
  void oneThatWaitsForItsRestartIsStartedByTheNextEngine() {
    lab.start("waits", policy("always", 0), "sh", "-c", "test -e /ok && sleep 100; exit 1");
    // its pauses double, so that the engine is closed within one
    until("it was started often", () -> lab.engine.container("waits").restarts() >= 3);
    until("it waits", () -> state("waits") instanceof ContainerState.Restarting);
    lab.close();
    lab = Lab.open(folder);
    int before = lab.engine.container("waits").restarts();
    until("it is tried again", () -> lab.engine.container("waits").restarts() > before);
  }

  @Test
  void aStoppedOneIsNotStartedWhileItWaits() {
    lab.start("loops", policy("always", 0), "false");
    until("it waits", () -> state("loops") instanceof ContainerState.Restarting);
    stop("loops");
    int count = lab.engine.container("loops").restarts();
    lab.start("other", policy("no", 0), "sleep", "0.5");
    until("time has passed", () -> state("other") instanceof ContainerState.Exited);
    assertThat(lab.engine.container("loops").restarts()).isEqualTo(count);
  }

  @Test
  void aThrowAwayOneThatEndedWhileNoEngineRanIsGone() {
    Container made =
        lab.start("rm", noNetwork("\"AutoRemove\":true"), "sh", "-c", "sleep 0.5; exit 2");
    lab.close();
    until("it ended", () -> ProcessHandle.of(made.state().processId()).isEmpty());
    lab = Lab.open(folder);
    assertThat(lab.engine.containers()).isEmpty();
    until("nothing of it is left", () -> Truth.names(folder.resolve("data/containers")).isEmpty());
  }
}
