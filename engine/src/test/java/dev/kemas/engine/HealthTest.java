package dev.kemas.engine;

import static dev.kemas.engine.Lab.NO_NETWORK;
import static dev.kemas.engine.Lab.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Health checks on real containers. */
final class HealthTest {
  private static final long MILLI = 1_000_000;
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

  private static String check(String command, long startPeriod, int retries) {
    return "\"Healthcheck\":{\"Test\":[\"CMD-SHELL\",\""
        + command
        + "\"],\"Interval\":"
        + 100 * MILLI
        + ",\"Timeout\":"
        + 5000 * MILLI
        + ",\"StartPeriod\":"
        + startPeriod * MILLI
        + ",\"StartInterval\":"
        + 50 * MILLI
        + ",\"Retries\":"
        + retries
        + "},"
        + NO_NETWORK;
  }

  private static Health health(String id) {
    return lab.engine.health(id).orElseThrow();
  }

  private static Path within(Container container, String path) {
    return Path.of("/proc/" + container.state().processId() + "/root" + path);
  }

  private static List<String> told(Instant since, String id) {
    return lab.events.since(since).stream()
        .filter(e -> e.actor().equals(id) && e.action().startsWith("health_status"))
        .map(Events.Event::action)
        .toList();
  }

  @Test
  void fromStartingToHealthyToUnhealthyAndBack() throws Exception {
    Instant before = Instant.now();
    Container made = lab.start("h1", check("cat /ok; test -e /ok", 60_000, 2), "sleep", "100");
    assertThat(health(made.id()).status()).isEqualTo("starting");
    until("it was asked", () -> health(made.id()).log().size() >= 3);
    // within the start period a failure does not count
    assertThat(health(made.id()).status()).isEqualTo("starting");
    assertThat(health(made.id()).failingStreak()).isZero();
    java.nio.file.Files.writeString(within(made, "/ok"), "fine\n");
    until("it is healthy", () -> health(made.id()).status().equals("healthy"));
    assertThat(health(made.id()).log().getLast().output()).isEqualTo("fine\n");
    java.nio.file.Files.delete(within(made, "/ok"));
    // once healthy, failures count in the start period too
    until("it is unhealthy", () -> health(made.id()).status().equals("unhealthy"));
    assertThat(health(made.id()).failingStreak()).isGreaterThanOrEqualTo(2);
    assertThat(health(made.id()).log().getLast().exitCode()).isEqualTo(1);
    java.nio.file.Files.writeString(within(made, "/ok"), "fine\n");
    until("it is healthy again", () -> health(made.id()).status().equals("healthy"));
    assertThat(told(before, made.id()))
        .containsExactly(
            "health_status: healthy", "health_status: unhealthy", "health_status: healthy");
    assertThat(health(made.id()).log()).hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void failuresCountAfterTheStartPeriod() {
    Container made = lab.start("h2", check("exit 1", 0, 3), "sleep", "100");
    until("it is unhealthy", () -> health(made.id()).status().equals("unhealthy"));
    assertThat(health(made.id()).failingStreak()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void aFrozenContainerIsNotAskedAndKeepsItsHealth() {
    Container made = lab.start("h3", check("true", 0, 1), "sleep", "100");
    until("it is healthy", () -> health(made.id()).status().equals("healthy"));
    lab.engine.pause(made.id());
    Instant frozen = Instant.now();
    lab.start("other", NO_NETWORK, "sleep", "0.6");
    until(
        "some checks would have been due",
        () -> Duration.between(frozen, Instant.now()).toMillis() > 600);
    assertThat(health(made.id()).status()).isEqualTo("healthy");
    assertThat(health(made.id()).log().getLast().start()).isBefore(frozen);
    lab.engine.unpause(made.id());
    until("it is asked again", () -> health(made.id()).log().getLast().start().isAfter(frozen));
    assertThat(health(made.id()).status()).isEqualTo("healthy");
  }

  @Test
  void theNextEngineAsksOn() {
    Container made = lab.start("h4", check("true", 0, 1), "sleep", "100");
    until("it is healthy", () -> health(made.id()).status().equals("healthy"));
    lab.close();
    lab = Lab.open(folder);
    assertThat(health(made.id()).status()).isIn("starting", "healthy");
    until("it is healthy", () -> health(made.id()).status().equals("healthy"));
  }
}
