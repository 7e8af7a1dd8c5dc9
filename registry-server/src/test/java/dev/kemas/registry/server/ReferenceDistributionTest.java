package dev.kemas.registry.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;

/** The contract on the reference implementation: what we ask of ours must be what others do. */
class ReferenceDistributionTest extends DistributionContract {
  @TempDir static Path folder;
  private Optional<Process> process = Optional.empty();

  @Override
  URI start() throws IOException {
    boolean installed =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "docker-registry")));
    Assumptions.assumeTrue(installed, "docker-registry is not installed: run make test-tools");
    int port = S3Gateway.freePort();
    Path config =
        Files.writeString(
            folder.resolve("config.yml"),
            """
            version: 0.1
            log: {level: error}
            storage:
              filesystem: {rootdirectory: %s}
              delete: {enabled: true}
            http: {addr: "127.0.0.1:%d"}
            """
                .formatted(folder.resolve("data"), port));
    process =
        Optional.of(
            new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start());
    URI base = URI.create("http://127.0.0.1:" + port);
    try (Http http = new Http(base)) {
      Wait.until("docker-registry answers", Duration.ofSeconds(30), () -> answers(http));
    }
    return base;
  }

  private static boolean answers(Http http) throws InterruptedException {
    try {
      return http.get("/v2/").status() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  void stop() throws InterruptedException {
    if (process.isPresent()) {
      process.get().destroy();
      if (!process.get().waitFor(10, TimeUnit.SECONDS)) {
        process.get().destroyForcibly();
      }
    }
  }
}
