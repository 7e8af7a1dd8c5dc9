package dev.kemas.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.content.BlobReader;
import dev.kemas.content.MemoryBlobStore;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
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

/** Bytes to and from a registry that does what it should not. */
@Timeout(60)
class TransferTest {
  private static final Retries SOON = new Retries(4, Duration.ofMillis(10), Duration.ofSeconds(2));

  private FaultyRegistry registry;
  private RegistryClient client;
  private final byte[] blob = bytes(3_000_000);
  private final Digest digest = Digest.of(blob);

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(11).nextBytes(bytes);
    return bytes;
  }

  @BeforeEach
  void open() throws IOException {
    registry = new FaultyRegistry();
    client =
        new RegistryClient(
            new RegistrySettings(List.of(), List.of(), Duration.ofSeconds(1))
                .withPatience(Duration.ofSeconds(1), SOON),
            Map.of());
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private Repository repository(Access access) {
    Reference name = Reference.parse(registry.host() + "/x");
    Repository repository = client.repository(name, RegistryLogin.ANONYMOUS, access);
    repository.has(digest); // finds out that it speaks plain HTTP
    return repository;
  }

  private byte[] read() throws IOException {
    try (RemoteBlob remote = repository(Access.PULL).blob(digest, 0)) {
      return remote.stream().readAllBytes();
    }
  }

  @Test
  void aTransferThatBreaksGoesOnWhereItWas() throws IOException {
    registry.blobs.put(digest, blob);
    registry
        .next("GET /v2/x/blobs/", FaultyRegistry.cut(blob, 0, 1_000_000))
        .next("GET /v2/x/blobs/", FaultyRegistry.status(503));
    assertThat(read()).isEqualTo(blob);
  }

  @Test
  void aRegistryWithoutRangesSendsAllAgain() throws IOException {
    registry.ranges = false;
    registry.blobs.put(digest, blob);
    registry.next("GET /v2/x/blobs/", FaultyRegistry.cut(blob, 0, 1_000_000));
    assertThat(read()).isEqualTo(blob);
  }

  @Test
  void aRegistryThatAlwaysCutsIsGivenUp() {
    registry.blobs.put(digest, blob);
    for (int i = 0; i < 20; i++) {
      registry.next("GET /v2/x/blobs/", FaultyRegistry.cut(blob, 0, 1000));
    }
    registry.ranges = false;
    assertThatThrownBy(this::read).isInstanceOf(IOException.class);
  }

  @Test
  void aRegistryThatStallsIsGivenUpSoon() {
    CountDownLatch never = new CountDownLatch(1);
    FaultyRegistry.Trouble stall =
        exchange -> {
          exchange.sendResponseHeaders(200, blob.length);
          exchange.getResponseBody().write(blob, 0, 100);
          exchange.getResponseBody().flush();
          try {
            assertThat(never.await(30, TimeUnit.SECONDS)).isFalse();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    registry.blobs.put(digest, blob);
    for (int i = 0; i < 4; i++) {
      registry.next("GET /v2/x/blobs/", stall);
    }
    long start = System.nanoTime();
    assertThatThrownBy(this::read).hasMessageContaining("nothing came for 1 s");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void aRegistryThatIsBusyIsAskedAgainWhenItSays() throws IOException {
    registry.blobs.put(digest, blob);
    Repository repository = repository(Access.PULL);
    registry
        .next("GET /v2/x/blobs/", FaultyRegistry.status(429, "Retry-After", "1"))
        .next("GET /v2/x/blobs/", FaultyRegistry.status(502));
    long start = System.nanoTime();
    try (RemoteBlob remote = repository.blob(digest, 0)) {
      assertThat(remote.stream().readAllBytes()).isEqualTo(blob);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aRateLimitIsToldWithItsFigures() {
    Repository repository = repository(Access.PULL);
    registry.next(
        "GET /v2/x/manifests/",
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "7200");
          exchange.getResponseHeaders().set("RateLimit-Limit", "100;w=21600");
          exchange.getResponseHeaders().set("RateLimit-Remaining", "0;w=21600");
          FaultyRegistry.json(
                  429, "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"slow down\"}]}")
              .happen(exchange);
        });
    assertThatThrownBy(() -> repository.manifest(Reference.parse(registry.host() + "/x:1")))
        .isInstanceOf(Fault.ResourceExhausted.class)
        .hasMessageContaining("toomanyrequests: slow down")
        .hasMessageContaining("0 of 100 pulls left in 360 minutes")
        .hasMessageContaining("7200");
  }

  @Test
  void credentialsDoNotFollowARedirectToAnotherHost() throws IOException {
    try (FaultyRegistry storage = new FaultyRegistry()) {
      storage.blobs.put(digest, blob);
      registry.wanted = "Bearer mine";
      registry.next(
          "GET /v2/x/blobs/",
          FaultyRegistry.status(307, "Location", storage.url() + "/v2/x/blobs/" + digest));
      Repository repository =
          client.repository(
              Reference.parse(registry.host() + "/x"), new RegistryLogin("", "", "", "mine"));
      repository.has(digest);
      try (RemoteBlob remote = repository.blob(digest, 0)) {
        assertThat(remote.stream().readAllBytes()).isEqualTo(blob);
      }
      assertThat(registry.shown).contains("Bearer mine");
      assertThat(storage.shown).containsOnly("");
    }
  }

  @Test
  void redirectsInACircleEnd() {
    Repository repository = repository(Access.PULL);
    for (int i = 0; i < 50; i++) {
      registry.next(
          "GET /v2/x/blobs/", FaultyRegistry.status(302, "Location", "/v2/x/blobs/" + digest));
    }
    assertThatThrownBy(() -> repository.blob(digest, 0))
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageContaining("redirects without end");
    assertThat(registry.asked).hasSizeLessThan(40);
  }

  @Test
  void aManifestWithoutEndIsCutOff() {
    registry.manifests.put("big", new byte[Repository.MAX_MANIFEST + 1]);
    assertThatThrownBy(
            () -> repository(Access.PULL).manifest(Reference.parse(registry.host() + "/x:big")))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("more than the 4194304 bytes allowed");
  }

  @Test
  void aBlobAskedForFirstComesFromTheEndpointThatAnswers() throws IOException {
    // loopback may speak plain HTTP, and is tried with TLS first
    registry.blobs.put(digest, blob);
    Reference name = Reference.parse(registry.host() + "/x");
    try (RemoteBlob remote =
        client.repository(name, RegistryLogin.ANONYMOUS, Access.PULL).blob(digest, 0)) {
      assertThat(remote.stream().readAllBytes()).isEqualTo(blob);
    }
    registry.blobs.clear();
    RegistryClient other =
        new RegistryClient(
            new RegistrySettings(List.of(), List.of(), Duration.ofSeconds(1))
                .withPatience(Duration.ofSeconds(1), SOON),
            Map.of());
    try (MemoryBlobStore store = new MemoryBlobStore()) {
      store.put(blob);
      try (BlobReader reader = store.open(digest)) {
        other
            .repository(name, RegistryLogin.ANONYMOUS, Access.PUSH)
            .send(
                Descriptor.of(MediaType.OCI_LAYER, digest, blob.length),
                reader,
                List.of(),
                done -> {},
                UploadMemory.NONE);
      }
    }
    assertThat(registry.blobs.get(digest)).isEqualTo(blob);
  }

  @Test
  void aRegistryThatTakesNoWholeGetsPieces() {
    byte[] large = bytes((32 << 20) + 5);
    registry.most = 17 << 20;
    try (MemoryBlobStore store = new MemoryBlobStore()) {
      store.put(large);
      try (BlobReader reader = store.open(Digest.of(large))) {
        repository(Access.PUSH)
            .send(
                Descriptor.of(MediaType.OCI_LAYER, Digest.of(large), large.length),
                reader,
                List.of(),
                done -> {},
                UploadMemory.NONE);
      }
    }
    assertThat(registry.blobs.get(Digest.of(large))).isEqualTo(large);
    assertThat(count("PATCH")).isEqualTo(3);
  }

  private UploadMemory memory = UploadMemory.NONE;

  /** Remembers as long as it lives, like the engine's records. */
  private static final class Kept implements UploadMemory {
    private Optional<URI> place = Optional.empty();

    @Override
    public Optional<URI> last() {
      return place;
    }

    @Override
    public void at(URI now) {
      place = Optional.of(now);
    }

    @Override
    public void over() {
      place = Optional.empty();
    }
  }

  @Test
  void anUploadThatAnotherProcessBeganGoesOn() {
    Kept kept = new Kept();
    memory = kept;
    // as if the process had ended: nothing is tried again
    for (int i = 0; i < 4; i++) {
      registry.next("PUT /v2/x/blobs/uploads/", registry.takeSome(i == 0 ? 1_000_000 : 0));
      registry.next("PATCH /v2/x/blobs/uploads/", registry.takeSome(0));
    }
    assertThatThrownBy(() -> send(List.of())).isInstanceOf(Fault.Unavailable.class);
    assertThat(kept.last()).isPresent();
    registry.calm();
    registry.asked.clear();
    send(List.of("other"));
    assertThat(registry.blobs.get(digest)).isEqualTo(blob);
    assertThat(count("POST")).isZero();
    assertThat(count("PATCH")).isEqualTo(1);
    assertThat(kept.last()).isEmpty();
  }

  @Test
  void aRememberedUploadThatIsForgottenThereBeginsAnew() {
    Kept kept = new Kept();
    kept.at(URI.create(registry.url() + "/v2/x/blobs/uploads/u99"));
    memory = kept;
    send(List.of());
    assertThat(registry.blobs.get(digest)).isEqualTo(blob);
    assertThat(count("POST")).isEqualTo(1);
  }

  private void send(List<String> from) {
    try (MemoryBlobStore store = new MemoryBlobStore()) {
      store.put(blob);
      try (BlobReader reader = store.open(digest)) {
        repository(Access.PUSH)
            .send(
                Descriptor.of(MediaType.OCI_LAYER, digest, blob.length),
                reader,
                from,
                done -> {},
                memory);
      }
    }
  }

  private long count(String request) {
    return registry.asked.stream().filter(a -> a.startsWith(request)).count();
  }

  @Test
  void aBlobIsSentAsAWhole() {
    send(List.of());
    assertThat(registry.blobs.get(digest)).isEqualTo(blob);
    assertThat(count("PUT /v2/x/blobs/uploads/")).isEqualTo(1);
    assertThat(count("PATCH")).isZero();
  }

  @Test
  void anUploadThatBreaksGoesOnWhereTheRegistryGotTo() {
    registry.next("PUT /v2/x/blobs/uploads/", registry.takeSome(1_000_000));
    send(List.of());
    assertThat(registry.blobs.get(digest)).isEqualTo(blob);
    assertThat(count("POST")).isEqualTo(1);
    assertThat(count("PATCH")).isEqualTo(1);
  }

  @Test
  void anUploadThatTheRegistryForgotBeginsAnew() {
    registry
        .next("PUT /v2/x/blobs/uploads/", registry.takeSome(1_000_000))
        .next("GET /v2/x/blobs/uploads/", FaultyRegistry.status(404));
    send(List.of());
    assertThat(registry.blobs.get(digest)).isEqualTo(blob);
    assertThat(count("POST")).isEqualTo(2);
  }

  @Test
  void aBlobThatAnotherRepositoryHasIsMounted() {
    registry.mounts = true;
    send(List.of("other"));
    assertThat(registry.asked).anyMatch(a -> a.contains("mount=") && a.contains("from=other"));
    assertThat(count("PUT")).isZero();
  }

  @Test
  void aMountThatIsNotAllowedIsAnUpload() {
    registry.next("POST", FaultyRegistry.status(403));
    send(List.of("secret"));
    assertThat(registry.blobs.get(digest)).isEqualTo(blob);
  }

  @Test
  void aRefusedPushIsToldInDockersWords() {
    registry.next(
        "POST",
        FaultyRegistry.json(
            403,
            "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"requested access to the resource is"
                + " denied\"}]}"));
    assertThatThrownBy(() -> send(List.of()))
        .isInstanceOf(Fault.Forbidden.class)
        .hasMessage("denied: requested access to the resource is denied");
  }
}
