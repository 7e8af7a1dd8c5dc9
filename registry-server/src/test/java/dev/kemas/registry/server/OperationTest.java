package dev.kemas.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator relies on: garbage goes, quotas hold, what happens is seen. */
class OperationTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  @TempDir Path folder;

  private Running collecting(Duration grace) {
    ServerConfig.Limits limits =
        new ServerConfig.Limits(
            OptionalLong.empty(), Duration.ofMillis(50), grace, Duration.ofDays(7));
    return Running.start(folder.resolve("registry"), config -> config.with(limits));
  }

  private List<Path> blobs() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("registry/content/blobs/sha256"))) {
      return files.toList();
    }
  }

  @Test
  void whatNoManifestNamesIsCollectedAndTheRestStays() throws Exception {
    Sample kept = Sample.of(1, 1000);
    try (Running registry = collecting(Duration.ofSeconds(1))) {
      kept.push(registry.http(), "gc/kept", "v1");
      Sample gone = Sample.of(2, 1000).push(registry.http(), "gc/gone", "v1");
      registry.http().delete("/v2/gc/gone/manifests/" + gone.digest()).expect(202);
      Wait.until("the garbage is gone", LIMIT, () -> blobs().size() == 2);
      registry.http().get("/v2/gc/gone/blobs/" + Digest.of(gone.config())).expect(404);
      assertThat(
              registry
                  .http()
                  .get("/v2/gc/kept/blobs/" + Digest.of(kept.layers().getFirst()))
                  .expect(200)
                  .bytes())
          .isEqualTo(kept.layers().getFirst());
      Wait.until(
          "the empty repository is forgotten",
          LIMIT,
          () -> !registry.http().get("/v2/_catalog").expect(200).text().contains("gc/gone"));
    }
  }

  @Test
  void pushesAreWholeWhileGarbageIsCollectedAllTheTime() throws Exception {
    try (Running registry = collecting(Duration.ofMillis(1500))) {
      AtomicBoolean done = new AtomicBoolean();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread deleter =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  for (long i = 0; !done.get(); i++) {
                    Sample image =
                        Sample.of(1000 + i % 3, 2000).push(registry.http(), "gc/churn", "t" + i);
                    registry.http().delete("/v2/gc/churn/manifests/" + image.digest()).expect(202);
                  }
                } catch (Throwable e) {
                  failure.set(e);
                }
              });
      for (long i = 0; i < 30; i++) {
        // the same blobs come and go in the other repository
        Sample image = Sample.of(1000 + i % 3, 2000).push(registry.http(), "gc/live", "t" + i);
        for (byte[] layer : image.layers()) {
          registry.http().get("/v2/gc/live/blobs/" + Digest.of(layer)).expect(200);
        }
      }
      done.set(true);
      deleter.join();
      assertThat(failure.get()).isNull();
    }
  }

  @Test
  void aRepositoryHasAQuota() throws Exception {
    ServerConfig.Limits limits =
        new ServerConfig.Limits(
            OptionalLong.of(10_000), Duration.ZERO, Duration.ofHours(1), Duration.ofDays(7));
    try (Running registry =
        Running.start(folder.resolve("registry"), config -> config.with(limits))) {
      Http http = registry.http();
      byte[] six = DistributionContract.bytes(1, 6_000);
      byte[] five = DistributionContract.bytes(2, 5_000);
      Sample.blob(http, "q/a", six);
      http.send("POST", "/v2/q/a/blobs/uploads/?digest=" + Digest.of(five), five)
          .expect(403, "DENIED");
      http.get("/v2/q/a/blobs/" + Digest.of(five)).expect(404);
      Sample.blob(http, "q/b", five);
      http.post("/v2/q/a/blobs/uploads/?mount=" + Digest.of(five) + "&from=q/b")
          .expect(403, "DENIED");
      // what is there already takes no more
      Sample.blob(http, "q/b", five);
      http.delete("/v2/q/a/blobs/" + Digest.of(six)).expect(202);
      Sample.blob(http, "q/a", five);
    }
  }

  @Test
  void aReadOnlyRegistryChangesNothing() throws Exception {
    Sample image;
    try (Running registry = Running.start(folder.resolve("registry"), config -> config)) {
      image = Sample.of(3, 100).push(registry.http(), "ro/image", "v1");
    }
    try (Running registry =
        Running.start(
            folder.resolve("registry"),
            c ->
                new ServerConfig(
                    c.listen(),
                    c.product(),
                    c.store(),
                    c.tls(),
                    c.access(),
                    c.limits(),
                    c.cache(),
                    true,
                    c.auditLog()))) {
      Http http = registry.http();
      assertThat(http.get("/v2/ro/image/manifests/v1").expect(200).bytes())
          .isEqualTo(image.manifest());
      http.post("/v2/ro/image/blobs/uploads/").expect(405, "UNSUPPORTED");
      http.delete("/v2/ro/image/manifests/v1").expect(405, "UNSUPPORTED");
      http.put(
              "/v2/ro/image/manifests/v2", image.manifest(), "Content-Type", MediaType.OCI_MANIFEST)
          .expect(405, "UNSUPPORTED");
    }
  }

  @Test
  void whatHappensIsCountedAndWrittenDown() throws Exception {
    Path log = folder.resolve("audit.jsonl");
    try (Running registry =
        Running.start(
            folder.resolve("registry"),
            c ->
                new ServerConfig(
                    c.listen(),
                    c.product(),
                    c.store(),
                    c.tls(),
                    c.access(),
                    c.limits(),
                    c.cache(),
                    false,
                    Optional.of(log)))) {
      Http http = registry.http();
      Sample image = Sample.of(4, 100).push(http, "seen/image", "v1");
      http.get("/v2/seen/image/manifests/v1").expect(200);
      http.get("/v2/seen/image/manifests/none").expect(404);
      String metrics = http.get("/metrics").expect(200).text();
      assertThat(metrics)
          .contains(
              "kemas_registry_requests_total{method=\"PUT\",what=\"manifest\",status=\"201\"} 1\n")
          .contains(
              "kemas_registry_requests_total{method=\"GET\",what=\"manifest\",status=\"404\"} 1\n")
          .contains(
              "kemas_registry_sent_bytes_total{method=\"GET\",what=\"manifest\",status=\"200\"} "
                  + image.manifest().length
                  + "\n")
          .contains("kemas_registry_request_seconds_bucket{");
      List<String> lines = Files.readAllLines(log);
      JsonNode push =
          Json.mapper()
              .readTree(
                  lines.stream()
                      .filter(l -> l.contains("\"PUT\"") && l.contains("manifest"))
                      .findFirst()
                      .orElseThrow());
      assertThat(push.path("repository").asText()).isEqualTo("seen/image");
      assertThat(push.path("reference").asText()).isEqualTo("v1");
      assertThat(push.path("status").asInt()).isEqualTo(201);
      assertThat(lines).anyMatch(l -> l.contains("\"GET\"") && l.contains("\"manifest\""));
    }
  }

  @Test
  void aSearchFindsNames() throws Exception {
    try (Running registry = Running.start(folder.resolve("registry"), config -> config)) {
      Http http = registry.http();
      Sample.of(5, 10).push(http, "team/python", "1");
      Sample.of(6, 10).push(http, "team/java", "1");
      http.get("/v1/_ping").expect(200);
      JsonNode found =
          Json.mapper().readTree(http.get("/v1/search?q=pyth&n=25").expect(200).bytes());
      assertThat(found.path("num_results").asInt()).isEqualTo(1);
      assertThat(found.path("results").path(0).path("name").asText()).isEqualTo("team/python");
    }
  }

  @Test
  void twoServersDoNotShareAFolder() {
    try (Running registry = Running.start(folder.resolve("registry"), config -> config)) {
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> Running.start(folder.resolve("registry"), config -> config))
          .isInstanceOf(dev.kemas.fault.Fault.Conflict.class)
          .hasMessageContaining("in use by another registry");
      assertThat(registry).isNotNull();
    }
  }
}
