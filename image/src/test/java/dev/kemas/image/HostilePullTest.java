package dev.kemas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import dev.kemas.archive.Compression;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.registry.client.RegistrySettings;
import dev.kemas.registry.client.Retries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry that lies, stalls, cuts off or sends without end: a clear error, and nothing left. */
@Timeout(60)
class HostilePullTest {
  @TempDir Path folder;
  private Store store;
  private RegistryDouble registry;
  private final CountDownLatch over = new CountDownLatch(1);
  private final byte[] plain = noise();
  private final byte[] layer = Sample.compress(plain, Compression.GZIP);
  private final byte[] config = Json.write(Sample.config(plain));

  private static byte[] noise() {
    byte[] content = new byte[300_000];
    new Random(3).nextBytes(content);
    return Sample.tar(Map.of("noise", content));
  }

  private static Descriptor described(String type, byte[] content) {
    return Descriptor.of(type, Digest.of(content), content.length);
  }

  private byte[] manifest(Descriptor configuration, Descriptor... layers) {
    return Json.write(Manifest.oci(configuration, List.of(layers)));
  }

  @BeforeEach
  void open() throws IOException {
    store =
        Store.open(
            folder,
            new RegistrySettings(List.of(), List.of(), Duration.ofSeconds(1))
                .withPatience(
                    Duration.ofSeconds(1),
                    new Retries(2, Duration.ofMillis(1), Duration.ofMillis(10))));
    registry = new RegistryDouble();
    put(described(MediaType.OCI_CONFIG, config), described(MediaType.OCI_LAYER_GZIP, layer));
  }

  private void put(Descriptor configuration, Descriptor... layers) {
    registry.put("1", manifest(configuration, layers), config, layer);
  }

  @AfterEach
  void close() {
    over.countDown();
    registry.close();
    store.close();
  }

  private void pull() {
    store
        .service
        .puller()
        .pull(
            Reference.parse(registry.host() + "/x:1"),
            Optional.empty(),
            RegistryLogin.ANONYMOUS,
            Progress.NONE);
  }

  /** Within bounded time, with these words; nothing is to be seen, nor left without an owner. */
  private void refused(Class<? extends Fault> as, String... words) {
    long start = System.nanoTime();
    var thrown = assertThatThrownBy(this::pull).isInstanceOf(as);
    for (String word : words) {
      thrown.hasMessageContaining(word);
    }
    thrown.satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2000));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertThat(store.service.images().list(ImageFilter.ALL, true)).isEmpty();
    assertThat(store.blobDigests()).isEmpty();
    assertThat(store.snapshotNames()).isEmpty();
    assertThat(store.blobs.partials()).allMatch(p -> !p.once() && !p.open());
  }

  private void instead(byte[] content, HttpHandler answer) {
    registry.instead.put(Digest.of(content).toString(), answer);
  }

  private HttpHandler sends(byte[] bytes) {
    return exchange -> {
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  @Test
  void anIndexOf100000EntriesIsRefused() {
    List<Descriptor> entries = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      entries.add(
          Descriptor.of(MediaType.OCI_MANIFEST, Digest.of(new byte[] {1}), 1)
              .withPlatform(Platform.of("linux", "a" + i)));
    }
    byte[] index = Json.write(Index.oci(entries));
    registry.types.put(Digest.of(index).toString(), MediaType.OCI_INDEX);
    registry.put("1", index);
    refused(Fault.InvalidArgument.class, "more than the 4194304 bytes allowed");

    byte[] fitting = Json.write(Index.oci(entries.subList(0, 15_000)));
    assertThat(fitting).hasSizeLessThan(4 << 20);
    registry.types.put(Digest.of(fitting).toString(), MediaType.OCI_INDEX);
    registry.put("1", fitting);
    refused(Fault.NotFound.class, "no matching manifest for");
  }

  @Test
  void aManifestOfAnotherTypeThanItSaysIsRefused() {
    byte[] manifest =
        manifest(
            described(MediaType.OCI_CONFIG, config), described(MediaType.OCI_LAYER_GZIP, layer));
    registry.put("1", manifest, config, layer);
    for (String type : List.of("text/html", "application/octet-stream", MediaType.OCI_CONFIG)) {
      registry.types.put(Digest.of(manifest).toString(), type);
      refused(Fault.Unsupported.class, type);
    }
    registry.types.put(Digest.of(manifest).toString(), MediaType.OCI_INDEX);
    refused(Fault.NotFound.class, "no matching manifest");
    byte[] garbage = "<html>".getBytes(StandardCharsets.UTF_8);
    registry.put("1", garbage);
    refused(Fault.InvalidArgument.class);
  }

  @Test
  void layersAndConfigurationsOfAnotherTypeAreRefused() {
    put(described("application/x-thing", config), described(MediaType.OCI_LAYER_GZIP, layer));
    refused(Fault.Unsupported.class, "is an artifact");
    put(described(MediaType.OCI_CONFIG, config), described("application/x-thing", layer));
    refused(Fault.Unsupported.class, "application/x-thing", "no file system's");
  }

  @Test
  void aLayerShorterLongerOrWithoutEndIsRefused() {
    Digest digest = Digest.of(layer);
    put(
        described(MediaType.OCI_CONFIG, config),
        Descriptor.of(MediaType.OCI_LAYER_GZIP, digest, layer.length + 5L));
    refused(Fault.DataLoss.class);
    put(
        described(MediaType.OCI_CONFIG, config),
        Descriptor.of(MediaType.OCI_LAYER_GZIP, digest, layer.length - 5L));
    refused(Fault.Unavailable.class, "is longer than its manifest says");
    put(described(MediaType.OCI_CONFIG, config), described(MediaType.OCI_LAYER_GZIP, layer));
    instead(
        layer,
        exchange -> {
          exchange.sendResponseHeaders(200, 0); // chunked, and on and on
          byte[] piece = new byte[64 * 1024];
          while (over.getCount() > 0) {
            exchange.getResponseBody().write(piece);
          }
        });
    refused(Fault.Unavailable.class, "is longer than its manifest says");
  }

  @Test
  void aConfigurationThatIsAnotherOrTooLargeIsRefused() {
    instead(config, sends("{}".getBytes(StandardCharsets.UTF_8)));
    refused(Fault.DataLoss.class, "its manifest says " + config.length);
    byte[] same = config.clone();
    same[same.length / 2] ^= 1;
    instead(config, sends(same));
    refused(Fault.DataLoss.class, "has the digest " + Digest.of(same));
    put(
        Descriptor.of(MediaType.OCI_CONFIG, Digest.of(config), 1L << 40),
        described(MediaType.OCI_LAYER_GZIP, layer));
    instead(config, sends(new byte[(4 << 20) + 1]));
    refused(Fault.DataLoss.class, "its manifest says 1099511627776");
  }

  @Test
  void whatStallsIsGivenUp() {
    for (byte[] content : List.of(config, layer)) {
      registry.instead.clear();
      instead(
          content,
          exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 10);
            exchange.getResponseBody().flush();
            try {
              assertThat(over.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      refused(Fault.Unavailable.class, "nothing came for 1 s");
    }
  }

  @Test
  void whatIsCutOffIsGivenUpAndGoesOnLater() {
    registry.cutBlobsAfter = 100_000;
    refused(Fault.Unavailable.class, "the pull of");
    registry.cutBlobsAfter = -1;
    registry.asked.clear();
    pull();
    assertThat(store.service.images().list(ImageFilter.ALL, true)).hasSize(1);
    assertThat(store.blobs.partials()).isEmpty();
  }

  @Test
  void redirectsInACircleEnd() {
    for (String at : List.of("1", Digest.of(config).toString(), Digest.of(layer).toString())) {
      registry.instead.clear();
      registry.asked.clear();
      registry.instead.put(
          at,
          exchange -> {
            exchange.getResponseHeaders().set("Location", exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(307, -1);
          });
      refused(Fault.Unavailable.class, "redirects without end");
      assertThat(registry.asked).hasSizeLessThan(40);
    }
  }

  @Test
  void bombsOfEveryCompressionAreRefused() {
    byte[] zeroes = Sample.tar(Map.of("zeroes", new byte[96 << 20]));
    byte[] json = Json.write(Sample.config(zeroes));
    for (Compression compression : List.of(Compression.GZIP, Compression.ZSTD)) {
      byte[] bomb = Sample.compress(zeroes, compression);
      String type =
          compression == Compression.GZIP ? MediaType.OCI_LAYER_GZIP : MediaType.OCI_LAYER_ZSTD;
      registry.put(
          "1", manifest(described(MediaType.OCI_CONFIG, json), described(type, bomb)), json, bomb);
      store.free = (64 << 20) + (32 << 20);
      refused(Fault.ResourceExhausted.class);
    }
  }
}
