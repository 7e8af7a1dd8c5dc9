package dev.kemas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullTest {
  @TempDir Path folder;
  private Store store;
  private RegistryDouble registry;

  private final byte[] lower = Sample.compress(Sample.layer("a", "lower"), Compression.GZIP);
  private final byte[] upper = noise();
  private final byte[] config = Json.write(Sample.config(Sample.layer("a", "lower"), upper));
  private final byte[] manifest = manifest(config);

  private static byte[] noise() {
    byte[] content = new byte[700_000];
    new Random(7).nextBytes(content);
    return Sample.tar(java.util.Map.of("noise", content));
  }

  private byte[] manifest(byte[] of) {
    return Json.write(
        Manifest.oci(
            Descriptor.of(MediaType.OCI_CONFIG, Digest.of(of), of.length),
            List.of(
                Descriptor.of(MediaType.OCI_LAYER_GZIP, Digest.of(lower), lower.length),
                Descriptor.of(MediaType.OCI_LAYER, Digest.of(upper), upper.length))));
  }

  @BeforeEach
  void open() throws IOException {
    store = Store.open(folder, new RegistrySettings(List.of(), List.of(), Duration.ofSeconds(1)));
    registry = new RegistryDouble();
    registry.put("1", manifest, config, lower, upper);
  }

  @AfterEach
  void close() {
    registry.close();
    store.close();
  }

  private Reference name(String rest) {
    return Reference.parse(registry.host() + "/team/x" + rest);
  }

  private Image pull(Reference name) {
    return store
        .service
        .puller()
        .pull(name, Optional.empty(), RegistryLogin.ANONYMOUS, store.progress());
  }

  @Test
  void anImageIsPulledWithDockersMessages() {
    Image image = pull(name(":1"));

    assertThat(image.id()).isEqualTo(Digest.of(config));
    assertThat(image.manifest().digest()).isEqualTo(Digest.of(manifest));
    assertThat(image.digests()).containsExactly(name("@" + Digest.of(manifest)));
    assertThat(store.folder(image.layers().getFirst()).resolve("a")).hasContent("lower");
    String id = Digest.of(lower).shortHex();
    assertThat(store.said)
        .contains(
            "1: Pulling from " + registry.host() + "/team/x",
            id + ": Pulling fs layer",
            id + ": Verifying Checksum",
            id + ": Download complete",
            id + ": Pull complete",
            "Digest: " + Digest.of(manifest),
            "Status: Downloaded newer image for " + name(":1").familiar());
    store.collect();
    assertThat(store.service.layers().has(image.layers().get(1))).isTrue();

    store.said.clear();
    pull(name(":1"));
    assertThat(store.said)
        .contains(id + ": Already exists")
        .contains("Status: Image is up to date for " + name(":1").familiar());
    assertThat(registry.asked).filteredOn(p -> p.contains("/blobs/")).hasSize(3);
  }

  @Test
  void anIndexLeadsToTheManifestOfThisPlatform() {
    Descriptor mine = Descriptor.of(MediaType.OCI_MANIFEST, Digest.of(manifest), manifest.length);
    byte[] index =
        Json.write(
            Index.oci(
                List.of(
                    Descriptor.of(MediaType.OCI_MANIFEST, Digest.of(new byte[1]), 1)
                        .withPlatform(Platform.of("linux", "s390x")),
                    mine.withPlatform(Platform.host()))));
    registry.types.put(Digest.of(index).toString(), MediaType.OCI_INDEX);
    registry.put("multi", index);

    assertThat(pull(name(":multi")).id()).isEqualTo(Digest.of(config));
    assertThat(store.service.images().find(name("@" + Digest.of(index)))).isPresent();
    assertThatThrownBy(() ->
            store
                .service
                .puller()
                .pull(
                    name(":multi"),
                    Optional.of(Platform.of("linux", "riscv64")),
                    RegistryLogin.ANONYMOUS,
                    Progress.NONE))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining("no matching manifest for linux/riscv64");
  }

  @Test
  void aTokenIsFetchedWhereTheRegistryAsksForOne() {
    registry.wantsToken = true;
    assertThat(pull(name(":1")).id()).isEqualTo(Digest.of(config));
    assertThat(registry.asked).filteredOn("/token"::equals).hasSize(1);
  }

  @Test
  void credentialsAreShownToTheTokenService() {
    registry.wantsToken = true;
    registry.basic =
        Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> pull(name(":1"))).isInstanceOf(Fault.Unauthenticated.class);

    RegistryLogin login = RegistryLogin.of("me", "secret");
    Image image = store.service.puller().pull(name(":1"), Optional.empty(), login, Progress.NONE);
    assertThat(image.id()).isEqualTo(Digest.of(config));
    assertThat(login.toString()).doesNotContain("secret");
  }

  @Test
  void whatTheRegistryDoesNotHaveIsNotFound() {
    assertThatThrownBy(() -> pull(name(":2")))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining("manifest unknown");
  }

  @Test
  void wrongBytesAreRefusedAndLeaveNothing() {
    byte[] wrong = upper.clone();
    wrong[upper.length / 2] ^= 1;
    registry.blobs.put(Digest.of(upper), wrong);

    assertThatThrownBy(() -> pull(name(":1"))).isInstanceOf(Fault.DataLoss.class);
    assertThat(store.service.images().list(ImageFilter.ALL, true)).isEmpty();
    assertThat(store.blobDigests()).isEmpty();
    assertThat(store.snapshotNames()).isEmpty();
  }

  @Test
  void aManifestWithAnotherDigestIsRefused() {
    registry.manifests.put(Digest.of(new byte[3]).toString(), manifest);
    assertThatThrownBy(() -> pull(name("@" + Digest.of(new byte[3]))))
        .isInstanceOf(Fault.DataLoss.class);
  }

  @Test
  void aTransferThatBreaksOffIsTakenUpAgain() {
    registry.cutBlobsAfter = 600_000;
    assertThatThrownBy(() -> pull(name(":1"))).isInstanceOf(Fault.Unavailable.class);
    assertThat(store.service.images().list(ImageFilter.ALL, true)).isEmpty();

    registry.cutBlobsAfter = -1;
    Image image = pull(name(":1"));
    assertThat(store.folder(image.layers().get(1)).resolve("noise")).hasSize(700_000);
  }

  @Test
  void pullsOfOneImageAtOnceFetchEachBlobOnce() throws Exception {
    try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Image> one = () -> pull(name(":1"));
      for (Future<Image> done : both.invokeAll(List.of(one, one, one))) {
        assertThat(done.get().id()).isEqualTo(Digest.of(config));
      }
    }
    assertThat(registry.asked).filteredOn(p -> p.endsWith(Digest.of(upper).toString())).hasSize(1);
  }

  @Test
  void aRegistryThatDoesNotAnswerFailsSoonAndClearly() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    long start = System.nanoTime();
    assertThatThrownBy(() -> pull(Reference.parse("127.0.0.1:" + closed + "/x")))
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageContaining("cannot reach registry 127.0.0.1:" + closed);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aMirrorIsAskedBeforeTheHub() {
    try (Store mirrored =
        Store.open(
            folder.resolve("mirrored"),
            new RegistrySettings(
                List.of(URI.create("http://" + registry.host())),
                List.of(),
                Duration.ofSeconds(2)))) {
      Image image =
          mirrored
              .service
              .puller()
              .pull(
                  Reference.parse("x:1"), Optional.empty(), RegistryLogin.ANONYMOUS, Progress.NONE);
      assertThat(image.tags()).extracting(Reference::familiar).containsExactly("x:1");
    }
  }

  @Test
  void whatIsNoImageOrForAnotherPlatformIsRefusedBeforeALayerComes() {
    Manifest artifact =
        Manifest.oci(
            Descriptor.of("application/vnd.example.thing", Digest.of(config), config.length),
            List.of());
    registry.put("artifact", Json.write(artifact));
    assertThatThrownBy(() -> pull(name(":artifact")))
        .isInstanceOf(Fault.Unsupported.class)
        .hasMessageContaining("is an artifact of the type application/vnd.example.thing")
        .hasMessageContaining("oras pull " + name(":artifact"));
    assertThat(
            store.service.remote().inspect(name(":artifact"), RegistryLogin.ANONYMOUS).platforms())
        .isEmpty();
    registry.types.put(Digest.of(manifest).toString(), MEDIA_TYPE_SCHEMA_1);
    assertThatThrownBy(() -> pull(name(":1")))
        .isInstanceOf(Fault.Unsupported.class)
        .hasMessageContaining("schema 1");
    registry.types.clear();
    assertThatThrownBy(() ->
            store
                .service
                .puller()
                .pull(
                    name(":1"),
                    Optional.of(Platform.of("linux", "s390x")),
                    RegistryLogin.ANONYMOUS,
                    Progress.NONE))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining(
            "was found but does not provide the specified platform (linux/s390x)");
    assertThat(registry.asked).noneMatch(p -> p.endsWith(Digest.of(upper).toString()));
    assertThat(store.service.images().list(ImageFilter.ALL, true)).isEmpty();
  }

  private static final String MEDIA_TYPE_SCHEMA_1 =
      "application/vnd.docker.distribution.manifest.v1+prettyjws";

  @Test
  void aManifestWithLayersWithoutEndIsRefused() {
    Descriptor layer = Descriptor.of(MediaType.OCI_LAYER, Digest.of(upper), upper.length);
    registry.put(
        "tower",
        Json.write(
            Manifest.oci(
                Descriptor.of(MediaType.OCI_CONFIG, Digest.of(config), config.length),
                java.util.Collections.nCopies(10_000, layer))));
    assertThatThrownBy(() -> pull(name(":tower")))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("10000 layers");
  }

  @Test
  void anIndexThatLeadsToItselfEnds() {
    Digest claimed = Digest.of(new byte[5]);
    byte[] index =
        Json.write(
            Index.oci(
                List.of(
                    Descriptor.of(MediaType.OCI_INDEX, claimed, 300)
                        .withPlatform(Platform.host()))));
    registry.types.put(Digest.of(index).toString(), MediaType.OCI_INDEX);
    registry.put("loop", index);
    registry.manifests.put(claimed.toString(), index);
    assertThatThrownBy(() -> pull(name(":loop"))).isInstanceOf(Fault.DataLoss.class);
  }

  @Test
  void aLayerThatUnfoldsWithoutEndIsRefusedAndLeavesNothing() {
    byte[] zeroes = Sample.tar(java.util.Map.of("zeroes", new byte[96 << 20]));
    byte[] bomb = Sample.compress(zeroes, Compression.GZIP);
    byte[] json = Json.write(Sample.config(zeroes));
    registry.put(
        "bomb",
        Json.write(
            Manifest.oci(
                Descriptor.of(MediaType.OCI_CONFIG, Digest.of(json), json.length),
                List.of(Descriptor.of(MediaType.OCI_LAYER_GZIP, Digest.of(bomb), bomb.length)))),
        json,
        bomb);
    store.free = (64 << 20) + (32 << 20);
    assertThatThrownBy(() -> pull(name(":bomb"))).isInstanceOf(Fault.ResourceExhausted.class);
    assertThat(store.service.images().list(ImageFilter.ALL, true)).isEmpty();
    assertThat(store.blobDigests()).isEmpty();
    assertThat(store.snapshotNames()).isEmpty();
  }

  @Test
  void whatDoesNotFitOnTheDiskIsRefusedBeforeALayerComes() {
    store.free = (64 << 20) + 500_000;
    assertThatThrownBy(() -> pull(name(":1")))
        .isInstanceOf(Fault.ResourceExhausted.class)
        .hasMessageContaining("not enough disk space for " + name(":1").familiar());
    assertThat(registry.asked).noneMatch(p -> p.endsWith(Digest.of(upper).toString()));
  }

  @Test
  void aForeignLayerComesFromWhereItsImageSays() throws IOException {
    try (RegistryDouble elsewhere = new RegistryDouble()) {
      elsewhere.blobs.put(Digest.of(upper), upper);
      registry.blobs.remove(Digest.of(upper));
      Descriptor foreign =
          new Descriptor(
              MediaType.OCI_LAYER,
              Digest.of(upper),
              upper.length,
              Optional.empty(),
              java.util.Map.of(),
              List.of("http://" + elsewhere.host() + "/any/blobs/" + Digest.of(upper)),
              Optional.empty());
      registry.put(
          "foreign",
          Json.write(
              Manifest.oci(
                  Descriptor.of(MediaType.OCI_CONFIG, Digest.of(config), config.length),
                  List.of(
                      Descriptor.of(MediaType.OCI_LAYER_GZIP, Digest.of(lower), lower.length),
                      foreign))));
      assertThat(pull(name(":foreign")).id()).isEqualTo(Digest.of(config));
    }
  }
}
