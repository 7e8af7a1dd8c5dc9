package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The daemon's own log options hold for containers that do not say, and bound what is kept. */
final class LogTest extends Engines {
  private static final long FILE = 2 << 20;
  private static final long SLACK = 1 << 20;

  @BeforeAll
  @Override
  void start() throws IOException, InterruptedException {
    daemon = Daemon.start("--log-opt", "max-size=2m", "--log-opt", "max-file=2");
    Busybox.into(daemon);
  }

  @Test
  void aContainerThatSaysNothingHasTheDaemonsOptions() throws IOException, InterruptedException {
    docker("create", "--name", "plain", "busybox", "true");
    assertThat(inspect("plain", "{{json .HostConfig.LogConfig}}"))
        .isEqualTo("{\"Type\":\"json-file\",\"Config\":{\"max-file\":\"2\",\"max-size\":\"2m\"}}");
    docker("create", "--name", "own", "--log-opt", "max-size=1m", "busybox", "true");
    assertThat(inspect("own", "{{json .HostConfig.LogConfig.Config}}"))
        .isEqualTo("{\"max-file\":\"2\",\"max-size\":\"1m\"}");
    docker("run", "--name", "none", "--log-driver", "none", "busybox", "echo", "said");
    assertThat(tryDocker("logs", "none").err())
        .contains("configured logging driver does not support reading");
  }

  @Test
  void aFloodStaysWithinThem() throws IOException, InterruptedException {
    String id = docker("run", "-d", "busybox", "yes").strip();
    Path folder = daemon.dataRoot().resolve("containers").resolve(id);
    Wait.until("the log was rotated", Duration.ofSeconds(30), () -> sizes(folder).size() > 1);
    long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    while (System.nanoTime() < end) {
      long all = sizes(folder).values().stream().mapToLong(Long::longValue).sum();
      // a third file is there while the names move
      assertThat(all).isLessThanOrEqualTo(3 * (FILE + SLACK));
    }
    docker("kill", id);
    assertThat(docker("logs", "--tail", "1", id)).isEqualTo("y\n");
  }

  /** The sizes of the log's files, each counted once whatever its names. */
  private static Map<Object, Long> sizes(Path folder) throws IOException {
    Map<Object, Long> sizes = new HashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        try {
          if (file.getFileName().toString().contains("log")) {
            sizes.put(Files.getAttribute(file, "unix:ino"), Files.size(file));
          }
        } catch (NoSuchFileException renamed) {
          // it is found under its next name
          continue;
        }
      }
    }
    return sizes;
  }
}
