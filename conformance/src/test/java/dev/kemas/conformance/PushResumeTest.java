package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A push that kill -9 cut off goes on where it was. */
final class PushResumeTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  @TempDir Path folder;
  private Daemon daemon;
  private OwnRegistry registry;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Daemon.kemasOnly("a dockerd that was killed does not start again beside its own containerd");
    daemon = Daemon.start();
    registry = OwnRegistry.open();
  }

  @AfterEach
  void end() throws IOException {
    if (registry != null) {
      registry.close();
      daemon.close();
    }
  }

  private void build(String name, int... sizes) throws IOException, InterruptedException {
    StringBuilder steps = new StringBuilder("FROM scratch\n");
    for (int i = 0; i < sizes.length; i++) {
      byte[] noise = new byte[sizes[i]];
      new Random(i).nextBytes(noise);
      Files.write(folder.resolve("f" + i), noise);
      steps.append("COPY f").append(i).append(" /\n");
    }
    Files.writeString(folder.resolve("Dockerfile"), steps.toString());
    daemon.ok("docker", "build", "-q", "-t", name, folder.toString());
  }

  private CompletableFuture<String> push(String name) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        // the stock client shows no compressing unless it writes to a terminal
        return Command.of(
                "curl",
                "-sS",
                "-X",
                "POST",
                "-H",
                "X-Registry-Auth: e30=",
                "--unix-socket",
                daemon.socket().toString(),
                "http://d/images/" + name.replaceFirst(":1$", "") + "/push?tag=1")
            .run()
            .out();
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private Set<Path> blobs() throws IOException {
    try (Stream<Path> all = Files.list(daemon.dataRoot().resolve("content/blobs/sha256"))) {
      Set<Path> found = new HashSet<>();
      all.filter(f -> f.toFile().length() > 1_000_000).forEach(found::add);
      return found;
    }
  }

  private static long compressed(String said) {
    return said.lines()
        .filter(l -> l.contains("Compressing"))
        .map(l -> l.replaceAll(".*\"id\":\"([0-9a-f]+)\".*", "$1"))
        .distinct()
        .count();
  }

  @Test
  void whatWasCompressedIsNotCompressedAgain() throws IOException, InterruptedException {
    String name = registry.host() + "/noise:1";
    build(name, 10_000_000, 10_000_000, 60_000_000);
    Set<Path> plain = blobs();
    CompletableFuture<String> push = push(name);
    Wait.until("one layer is compressed", LIMIT, () -> blobs().size() > plain.size());
    daemon.kill();
    push.join();
    int made = blobs().size() - plain.size();
    assertThat(made).isBetween(1, 2);

    daemon.restart();
    String said = push(name).join();
    assertThat(said).contains("1: digest: sha256:");
    assertThat(compressed(said)).isEqualTo(3 - made);
    daemon.ok("docker", "rmi", name);
    daemon.ok("docker", "pull", name);
    daemon.ok("docker", "rmi", name);
  }

  @Test
  void whatWasSentIsNotSentAgain() throws IOException, InterruptedException {
    try (HoldingProxy line = new HoldingProxy(registry.host(), false)) {
      String name = line.host() + "/noise:1";
      build(name, 40_000_000);
      line.allow(25_000_000);
      CompletableFuture<String> push = push(name);
      Wait.until("half of the layer is sent", LIMIT, () -> line.passed() > 25_000_000);
      daemon.kill();
      push.join();

      daemon.restart();
      line.allow(Long.MAX_VALUE);
      String said = push(name).join();
      assertThat(said).contains("1: digest: sha256:");
      assertThat(compressed(said)).isZero();
      assertThat(line.passed()).isBetween(10_000_000L, 25_000_000L);
      daemon.ok("docker", "rmi", name);
      daemon.ok("docker", "pull", name);
      daemon.ok("docker", "rmi", name);
    }
  }
}
