package dev.kemas.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A large blob over several connections. */
@Timeout(60)
class RangesTest {
  private static final byte[] BLOB = bytes((int) RangedStream.LARGE + 1_000_001);
  private static final Descriptor DESCRIBED =
      Descriptor.of(MediaType.OCI_LAYER, Digest.of(BLOB), BLOB.length);

  private FaultyRegistry registry;
  private Repository repository;

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(3).nextBytes(bytes);
    return bytes;
  }

  @BeforeEach
  void open() throws IOException {
    registry = new FaultyRegistry();
    registry.blobs.put(DESCRIBED.digest(), BLOB);
    RegistryClient client =
        new RegistryClient(
            new RegistrySettings(List.of(), List.of(), Duration.ofSeconds(1))
                .withPatience(
                    Duration.ofSeconds(5),
                    new Retries(4, Duration.ofMillis(10), Duration.ofSeconds(2))),
            Map.of());
    repository =
        client.repository(
            Reference.parse(registry.host() + "/x"), RegistryLogin.ANONYMOUS, Access.PULL);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private byte[] read(long offset) throws IOException {
    try (RemoteBlob remote = repository.blob(DESCRIBED, offset)) {
      assertThat(remote.offset()).isIn(0L, offset);
      byte[] got = remote.stream().readAllBytes();
      return remote.offset() == offset ? got : Arrays.copyOfRange(got, (int) offset, got.length);
    }
  }

  private long gets() {
    return registry.asked.stream().filter(asked -> asked.startsWith("GET /v2/x/blobs/")).count();
  }

  @Test
  void pieces_come_side_by_side_and_are_read_in_order() throws IOException {
    // the first answer begins before the others are asked for; these wait for each other
    AtomicBoolean first = new AtomicBoolean(true);
    CountDownLatch two = new CountDownLatch(2);
    registry.gate =
        now -> {
          if (first.getAndSet(false)) {
            return;
          }
          two.countDown();
          try {
            assertThat(two.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    assertThat(read(0)).isEqualTo(BLOB);
    assertThat(registry.mostAtOnce).hasValueBetween(2, 3);
    assertThat(gets()).isEqualTo(-Math.floorDiv(-BLOB.length, RangedStream.PIECE));
  }

  @Test
  void what_is_here_is_not_asked_for_again() throws IOException {
    long small = BLOB.length - RangedStream.LARGE;
    assertThat(read(small)).isEqualTo(Arrays.copyOfRange(BLOB, (int) small, BLOB.length));
    assertThat(gets()).isEqualTo(RangedStream.LARGE / RangedStream.PIECE);
  }

  @Test
  void a_small_rest_comes_over_one_connection() throws IOException {
    assertThat(read(2_000_000)).isEqualTo(Arrays.copyOfRange(BLOB, 2_000_000, BLOB.length));
    assertThat(gets()).isEqualTo(1);
  }

  @Test
  void a_registry_without_ranges_sends_it_in_one() throws IOException {
    registry.ranges = false;
    assertThat(read(0)).isEqualTo(BLOB);
    assertThat(gets()).isEqualTo(1);
  }

  @Test
  void a_registry_that_stops_taking_ranges_is_read_all_the_same() throws IOException {
    registry.gate = now -> registry.ranges = false;
    assertThat(read(0)).isEqualTo(BLOB);
  }

  @Test
  void a_piece_that_breaks_goes_on_where_it_was() throws IOException {
    registry
        .next(
            "GET /v2/x/blobs/",
            exchange -> {
              exchange.sendResponseHeaders(206, RangedStream.PIECE);
              exchange.getResponseBody().write(BLOB, 0, 1_234_567);
              exchange.getResponseBody().flush();
              throw new IOException("cut, as the test wants it");
            })
        .next("GET /v2/x/blobs/", FaultyRegistry.status(503))
        .next("GET /v2/x/blobs/", FaultyRegistry.status(429, "Retry-After", "0"));
    assertThat(read(0)).isEqualTo(BLOB);
  }

  @Test
  void a_shorter_blob_than_described_is_told() {
    registry.blobs.put(DESCRIBED.digest(), Arrays.copyOf(BLOB, BLOB.length - 10));
    assertThatThrownBy(() -> read(0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the blob ends at byte " + (BLOB.length - 10));
  }

  @Test
  void closing_in_the_middle_ends_what_is_under_way() throws IOException {
    RemoteBlob remote = repository.blob(DESCRIBED, 0);
    assertThat(remote.stream().readNBytes(100)).isEqualTo(Arrays.copyOf(BLOB, 100));
    remote.close();
    assertThat(remote.stream().read(new byte[10])).isLessThanOrEqualTo(10);
    assertThat(gets()).isLessThanOrEqualTo(4);
  }
}
