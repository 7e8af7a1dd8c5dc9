package dev.kemas.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every blob store does. */
abstract class BlobStoreContract {
  BlobStore store;

  abstract BlobStore open() throws IOException;

  @BeforeEach
  void openStore() throws IOException {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void whatIsPutIsThereUnderItsDigest() {
    byte[] content = bytes("hello");
    BlobInfo info = store.put(content);
    assertThat(info.digest()).isEqualTo(Digest.of(content));
    assertThat(info.size()).isEqualTo(5);
    assertThat(store.stat(info.digest())).map(BlobInfo::size).contains(5L);
    assertThat(store.read(info.digest(), 100)).isEqualTo(content);
  }

  @Test
  void anEmptyBlobIsABlob() {
    BlobInfo info = store.put(new byte[0]);
    assertThat(store.read(info.digest(), 0)).isEmpty();
    try (BlobReader blob = store.open(info.digest())) {
      assertThat(blob.read(ByteBuffer.allocate(1), 0)).isEqualTo(-1);
    }
  }

  @Test
  void whatIsNotThereIsNotFound() {
    Digest digest = Digest.of(bytes("never"));
    assertThat(store.stat(digest)).isEmpty();
    assertThat(store.delete(digest)).isFalse();
    assertThatThrownBy(() -> store.open(digest))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining(digest.toString());
  }

  @Test
  void anyRangeOfABlobCanBeRead() throws IOException {
    byte[] content = random(300_000, 1);
    Digest digest = store.put(new ByteArrayInputStream(content)).digest();
    try (BlobReader blob = store.open(digest)) {
      assertThat(blob.size()).isEqualTo(content.length);
      ByteBuffer part = ByteBuffer.allocateDirect(1000);
      assertThat(blob.read(part, 299_500)).isEqualTo(500);
      assertThat(part.position()).isEqualTo(500);
      assertThat(blob.read(ByteBuffer.allocate(1), 300_000)).isEqualTo(-1);
      assertThat(blob.stream().readAllBytes()).isEqualTo(content);
      assertThat(blob.stream(10, 20).readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 10, 30));
      assertThat(blob.stream(299_999, 20).readAllBytes()).containsExactly(content[299_999]);
      assertThat(blob.stream(400_000, 1).readAllBytes()).isEmpty();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      assertThat(blob.transferTo(100, 1 << 30, Channels.newChannel(out))).isEqualTo(299_900);
      assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(content, 100, 300_000));
      out.reset();
      InputStream stream = blob.stream();
      assertThat(stream.skip(299_990)).isEqualTo(299_990);
      assertThat(stream.transferTo(out)).isEqualTo(10);
    }
  }

  @Test
  void aBlobLargerThanAllowedIsNotReadIntoMemory() {
    Digest digest = store.put(bytes("12345")).digest();
    assertThatThrownBy(() -> store.read(digest, 4)).isInstanceOf(Fault.InvalidArgument.class);
  }

  @Test
  void nothingIsVisibleBeforeTheCommit() {
    byte[] content = bytes("later");
    try (Ingest ingest = store.ingest("k")) {
      ingest.write(ByteBuffer.wrap(content));
      assertThat(store.stat(Digest.of(content))).isEmpty();
      ingest.commit(5, Digest.of(content));
    }
    assertThat(store.stat(Digest.of(content))).isPresent();
    assertThat(store.partials()).isEmpty();
  }

  @Test
  void otherBytesThanExpectedAreDataLossAndLeaveNothing() {
    Digest expected = Digest.of(bytes("right"));
    Ingest ingest = store.ingest("k");
    ingest.write(ByteBuffer.wrap(bytes("wrong")));
    assertThatThrownBy(() -> ingest.commit(5, expected))
        .isInstanceOf(Fault.DataLoss.class)
        .hasMessageContaining(expected.toString())
        .hasMessageContaining(Digest.of(bytes("wrong")).toString());
    assertThat(store.stat(expected)).isEmpty();
    assertThat(store.stat(Digest.of(bytes("wrong")))).isEmpty();
    assertThat(store.partials()).isEmpty();
    store.ingest("k").abort();
  }

  @Test
  void anotherSizeThanExpectedIsDataLoss() {
    Ingest ingest = store.ingest("k");
    ingest.write(ByteBuffer.wrap(bytes("right")));
    assertThatThrownBy(() -> ingest.commit(6, Digest.of(bytes("right"))))
        .isInstanceOf(Fault.DataLoss.class)
        .hasMessageContaining("5 bytes and not 6");
    assertThat(store.stat(Digest.of(bytes("right")))).isEmpty();
  }

  @Test
  void sha512IsVerifiedToo() throws Exception {
    byte[] content = random(600_000, 2);
    Digest digest =
        new Digest(
            "sha512",
            HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(content)));
    store.put(new ByteArrayInputStream(content), OptionalLong.empty(), digest);
    assertThat(store.read(digest, 1 << 20)).isEqualTo(content);
    assertThatThrownBy(
            () -> store.put(new ByteArrayInputStream(bytes("x")), OptionalLong.of(1), digest))
        .isInstanceOf(Fault.DataLoss.class);
    List<Digest> all = new ArrayList<>();
    store.walk(b -> all.add(b.digest()));
    assertThat(all).containsExactly(digest);
  }

  @Test
  void aClosedIngestGoesOnWhereItWas() {
    byte[] content = random(100_000, 3);
    try (Ingest first = store.ingest("k")) {
      first.write(ByteBuffer.wrap(content, 0, 60_000));
    }
    assertThat(store.partials())
        .singleElement()
        .satisfies(p -> {
          assertThat(p.key()).isEqualTo("k");
          assertThat(p.size()).isEqualTo(60_000);
          assertThat(p.open()).isFalse();
        });
    try (Ingest second = store.ingest("k")) {
      assertThat(second.offset()).isEqualTo(60_000);
      second.write(ByteBuffer.wrap(content, 60_000, 40_000));
      second.commit(100_000, Digest.of(content));
    }
    assertThat(store.read(Digest.of(content), 1 << 20)).isEqualTo(content);
  }

  @Test
  void anIngestCanStartOver() {
    try (Ingest ingest = store.ingest("k")) {
      ingest.write(ByteBuffer.wrap(bytes("from a source that cannot resume")));
      ingest.restart();
      assertThat(ingest.offset()).isZero();
      ingest.write(ByteBuffer.wrap(bytes("new")));
      ingest.commit(3, Digest.of(bytes("new")));
    }
    assertThat(store.read(Digest.of(bytes("new")), 10)).isEqualTo(bytes("new"));
  }

  @Test
  void anAbortedIngestLeavesNothing() {
    Ingest ingest = store.ingest("k");
    ingest.write(ByteBuffer.wrap(bytes("x")));
    ingest.abort();
    ingest.abort();
    ingest.close();
    assertThat(store.partials()).isEmpty();
    try (Ingest again = store.ingest("k")) {
      assertThat(again.offset()).isZero();
    }
  }

  @Test
  void anIngestThatIsOverTakesNoMore() {
    Ingest ingest = store.ingest();
    ingest.commit();
    assertThatThrownBy(() -> ingest.write(ByteBuffer.wrap(bytes("x"))))
        .isInstanceOf(Fault.Conflict.class);
    assertThatThrownBy(ingest::commit).isInstanceOf(Fault.Conflict.class);
  }

  @Test
  void oneKeyIsForOneIngestAtATime() {
    try (Ingest open = store.ingest("k")) {
      assertThatThrownBy(() -> store.ingest("k"))
          .isInstanceOf(Fault.Conflict.class)
          .hasMessageContaining("\"" + open.key() + "\"");
    }
    store.ingest("k").abort();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../up", "a/b", ".hidden", "with space", "nul\0"})
  void aMalformedKeyIsRefused(String key) {
    assertThatThrownBy(() -> store.ingest(key)).isInstanceOf(Fault.InvalidArgument.class);
  }

  @Test
  void theUsualKeyOfAPullIsAccepted() {
    store.ingest("blob-" + Digest.of(bytes("x"))).abort();
  }

  @Test
  void aTeeStoresWhatSomebodyElseReads() throws IOException {
    byte[] content = random(10_000, 4);
    try (Ingest ingest = store.ingest()) {
      InputStream tee = ingest.tee(new ByteArrayInputStream(content));
      assertThat(tee.skip(100)).isEqualTo(100);
      assertThat(tee.readAllBytes()).hasSize(9_900);
      ingest.commit(10_000, Digest.of(content));
    }
    assertThat(store.read(Digest.of(content), 10_000)).isEqualTo(content);
  }

  @Test
  void aSourceThatFailsLeavesNothingBehindAPut() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("gone");
          }
        };
    assertThatThrownBy(() -> store.put(failing)).isInstanceOf(IOException.class);
    assertThat(store.partials()).isEmpty();
  }

  @Test
  void aDeletedBlobIsGoneButStaysReadableToThoseWhoHaveIt() throws IOException {
    byte[] content = bytes("going");
    Digest digest = store.put(content).digest();
    try (BlobReader reader = store.open(digest)) {
      assertThat(store.delete(digest)).isTrue();
      assertThat(store.stat(digest)).isEmpty();
      assertThat(reader.stream().readAllBytes()).isEqualTo(content);
    }
    store.put(content);
    assertThat(store.stat(digest)).isPresent();
  }

  @Test
  void aSecondCommitRenewsTheTime() {
    byte[] content = bytes("again");
    Instant first = store.put(content).touchedAt();
    Instant before = Instant.now();
    store.put(content);
    assertThat(store.stat(Digest.of(content)).orElseThrow().touchedAt())
        .isAfterOrEqualTo(first)
        .isAfterOrEqualTo(before.minusMillis(20));
  }

  @Test
  void aWalkSeesEveryBlobAndMayDelete() {
    for (int i = 0; i < 10; i++) {
      store.put(bytes("blob " + i));
    }
    List<BlobInfo> seen = new ArrayList<>();
    store.walk(b -> {
      seen.add(b);
      store.delete(b.digest());
    });
    assertThat(seen).hasSize(10).allSatisfy(b -> assertThat(b.size()).isEqualTo(6));
    store.walk(b -> assertThat(b).isNull());
  }

  @Test
  void oldPartialsAreDroppedAndOpenOnesKept() {
    try (Ingest left = store.ingest("left")) {
      left.write(ByteBuffer.wrap(bytes("x")));
    }
    try (Ingest open = store.ingest("open")) {
      open.write(ByteBuffer.wrap(bytes("y")));
      assertThat(store.dropPartials(Instant.now().minusSeconds(60))).isEmpty();
      assertThat(store.dropPartials(Instant.now().plusSeconds(60)))
          .extracting(PartialBlob::key)
          .containsExactly("left");
      assertThat(store.partials()).extracting(PartialBlob::key).containsExactly("open");
      open.commit();
    }
  }

  @Test
  void manyIngestsOfOneBlobAtOnceAllSucceed() throws Exception {
    byte[] content = random(500_000, 5);
    Digest digest = Digest.of(content);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<BlobInfo>> tasks = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String key = "k" + i;
        tasks.add(() -> {
          try (Ingest ingest = store.ingest(key)) {
            for (int at = 0; at < content.length; at += 50_000) {
              ingest.write(ByteBuffer.wrap(content, at, 50_000));
              Thread.yield();
            }
            return ingest.commit(content.length, digest);
          }
        });
      }
      for (Future<BlobInfo> done : threads.invokeAll(tasks)) {
        assertThat(done.get().digest()).isEqualTo(digest);
      }
    }
    assertThat(store.read(digest, 1 << 20)).isEqualTo(content);
    assertThat(store.partials()).isEmpty();
  }

  @Test
  void everythingCommittedIsOnTheDiskAfterASync() {
    store.put(bytes("x"));
    store.sync();
    store.sync();
    assertThat(store.stat(Digest.of(bytes("x")))).isPresent();
  }

  @Test
  void whoCommitsUnknownBytesLearnsTheirDigestBeforeOthersCan() {
    byte[] bytes = {7, 7, 7};
    Digest digest = Digest.of(bytes);
    try (Ingest ingest = store.ingest()) {
      ingest.write(ByteBuffer.wrap(bytes));
      BlobInfo blob =
          ingest.commit(told -> {
            assertThat(told).isEqualTo(digest);
            assertThat(store.stat(told)).isEmpty();
          });
      assertThat(blob.digest()).isEqualTo(digest);
    }
    assertThat(store.stat(digest)).isPresent();
  }
}
