package dev.kemas.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.content.BlobInfo;
import dev.kemas.content.BlobReader;
import dev.kemas.content.Ingest;
import dev.kemas.content.PartialBlob;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.registry.store.Place;
import dev.kemas.registry.store.Records;
import dev.kemas.registry.store.Storage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a registry relies on, wherever it keeps its content. Each test has a store of its own. */
abstract class StorageContract {
  private Storage storage;

  /** A place where nothing is yet. */
  abstract Place place() throws Exception;

  @BeforeEach
  void open() throws Exception {
    storage = Storage.open(place(), Duration.ofMinutes(10));
  }

  @AfterEach
  void close() {
    if (storage != null) {
      storage.close();
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private List<String> names(String below, String after, int most) {
    return storage.records().list(below, after, most).stream().map(Records.Entry::name).toList();
  }

  @Test
  void aRecordIsReadAsItWasWrittenLast() {
    Records records = storage.records();
    assertThat(records.read("a/b")).isEmpty();
    records.write("a/b", text("one"));
    records.write("a/b", text("two"));
    assertThat(records.read("a/b").orElseThrow().bytes()).isEqualTo(text("two"));
    assertThat(records.read("a/b").orElseThrow().writtenAt())
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    records.write("a/empty", new byte[0]);
    assertThat(records.read("a/empty").orElseThrow().bytes()).isEmpty();
    assertThat(records.delete("a/b")).isTrue();
    assertThat(records.read("a/b")).isEmpty();
    records.delete("a/b");
  }

  @Test
  void aListHasWhatIsDirectlyBelowInTheOrderOfBytes() {
    Records records = storage.records();
    for (String name : List.of("b", "a", "B", "a-1", "a.1", "_x", "10", "9")) {
      records.write("list/" + name, text(name));
    }
    records.write("list/deeper/name", text("not shown"));
    records.write("lists/other", text("not shown"));
    assertThat(names("list", "", 100))
        .containsExactly("10", "9", "B", "_x", "a", "a-1", "a.1", "b");
    assertThat(names("list", "B", 3)).containsExactly("_x", "a", "a-1");
    assertThat(names("list", "a-", 1)).containsExactly("a-1");
    assertThat(names("list", "b", 10)).isEmpty();
    assertThat(names("nothing", "", 10)).isEmpty();
    assertThat(names("list", "", 0)).isEmpty();
  }

  @Test
  void aLongListIsWhole() {
    List<String> written = new ArrayList<>();
    for (int i = 0; i < 1_100; i++) {
      String name = "%05d".formatted(i);
      storage.records().write("long/" + name, new byte[0]);
      written.add(name);
    }
    assertThat(names("long", "", Integer.MAX_VALUE)).isEqualTo(written);
    assertThat(names("long", "00998", 4)).containsExactly("00999", "01000", "01001", "01002");
  }

  @Test
  void aRecordThatManyWriteAtOnceIsOneOfTheirs() throws Exception {
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      byte[] value = new byte[20_000];
      Arrays.fill(value, (byte) ('a' + i));
      values.add(value);
    }
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> writes = new ArrayList<>();
      values.forEach(
          value -> writes.add(threads.submit(() -> storage.records().write("many/one", value))));
      for (Future<?> write : writes) {
        write.get();
        storage
            .records()
            .read("many/one")
            .ifPresent(read -> assertThat(values).anyMatch(v -> Arrays.equals(v, read.bytes())));
      }
    }
    assertThat(names("many", "", 10)).containsExactly("one");
  }

  @Test
  void anyRangeOfABlobIsRead() {
    byte[] content = DistributionContract.bytes(1, 3_000_000);
    BlobInfo blob = storage.blobs().put(content);
    assertThat(blob.digest()).isEqualTo(Digest.of(content));
    try (BlobReader reader = storage.blobs().open(blob.digest())) {
      assertThat(reader.size()).isEqualTo(content.length);
      for (int[] range : new int[][] {{0, 10}, {2_999_990, 10}, {65_535, 70_000}, {7, 1}}) {
        ByteBuffer read = ByteBuffer.allocate(range[1]);
        while (read.hasRemaining()) {
          assertThat(reader.read(read, range[0] + (long) read.position())).isPositive();
        }
        assertThat(read.array())
            .isEqualTo(Arrays.copyOfRange(content, range[0], range[0] + range[1]));
      }
      assertThat(reader.read(ByteBuffer.allocate(1), content.length)).isEqualTo(-1);
    }
  }

  @Test
  void anIngestGoesOnWhereItWasClosed() {
    byte[] content = DistributionContract.bytes(2, 9_000_000);
    int[] ends = {1_000, 7_500_000, content.length};
    int at = 0;
    for (int end : ends) {
      try (Ingest ingest = storage.blobs().ingest("upload")) {
        assertThat(ingest.offset()).isEqualTo(at);
        ingest.write(ByteBuffer.wrap(content, at, end - at));
        assertThat(storage.blobs().stat(Digest.of(content))).isEmpty();
        at = end;
        if (at == content.length) {
          ingest.commit(content.length, Digest.of(content));
        }
      }
    }
    assertThat(storage.blobs().read(Digest.of(content), content.length)).isEqualTo(content);
    assertThat(storage.blobs().partials()).isEmpty();
  }

  @Test
  void otherBytesThanTheirDigestNeverAppear() {
    Digest expected = Digest.of(text("right"));
    Ingest ingest = storage.blobs().ingest("wrong");
    ingest.write(ByteBuffer.wrap(text("wrong")));
    assertThatThrownBy(() -> ingest.commit(5, expected)).isInstanceOf(Fault.DataLoss.class);
    assertThat(storage.blobs().stat(expected)).isEmpty();
    assertThat(storage.blobs().partials()).isEmpty();
  }

  @Test
  void oneUploadHasOneWriter() {
    try (Ingest ingest = storage.blobs().ingest("one")) {
      assertThat(ingest.offset()).isZero();
      assertThatThrownBy(() -> storage.blobs().ingest("one")).isInstanceOf(Fault.Conflict.class);
    }
  }

  @Test
  void aBlobOfManyWritersAtOnceIsWhole() throws Exception {
    byte[] content = DistributionContract.bytes(3, 8_000_000);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<BlobInfo>> writes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        writes.add(threads.submit(() -> storage.blobs().put(content)));
      }
      for (Future<BlobInfo> write : writes) {
        assertThat(write.get().digest()).isEqualTo(Digest.of(content));
      }
    }
    assertThat(storage.blobs().read(Digest.of(content), content.length)).isEqualTo(content);
    assertThat(storage.blobs().partials()).isEmpty();
  }

  @Test
  void aWalkSeesEveryBlobAndADeletedOneIsGone() {
    Digest one = storage.blobs().put(text("one")).digest();
    Digest two = storage.blobs().put(text("two")).digest();
    List<Digest> seen = new ArrayList<>();
    storage.blobs().walk(blob -> seen.add(blob.digest()));
    assertThat(seen).containsExactlyInAnyOrder(one, two);
    assertThat(storage.blobs().delete(one)).isTrue();
    assertThat(storage.blobs().delete(one)).isFalse();
    assertThat(storage.blobs().stat(one)).isEmpty();
    assertThatThrownBy(() -> storage.blobs().open(one)).isInstanceOf(Fault.NotFound.class);
  }

  @Test
  void whatUploadsLeftIsDroppedWhenItIsOld() {
    try (Ingest left = storage.blobs().ingest("left")) {
      left.write(ByteBuffer.wrap(text("some bytes")));
    }
    assertThat(storage.blobs().dropPartials(Instant.now().minus(Duration.ofHours(1)))).isEmpty();
    assertThat(storage.blobs().partials()).extracting(PartialBlob::key).containsExactly("left");
    assertThat(storage.blobs().dropPartials(Instant.now().plus(Duration.ofHours(1))))
        .extracting(PartialBlob::key)
        .containsExactly("left");
    assertThat(storage.blobs().partials()).isEmpty();
    try (Ingest again = storage.blobs().ingest("left")) {
      assertThat(again.offset()).isZero();
    }
  }

  @Test
  void whatWasWrittenIsThereWhenItIsOpenedAgain() throws Exception {
    Digest blob = storage.blobs().put(text("stays")).digest();
    storage.records().write("stays/too", text("value"));
    try (Ingest upload = storage.blobs().ingest("upload")) {
      upload.write(ByteBuffer.wrap(text("half")));
    }
    storage.close();
    storage = Storage.open(place(), Duration.ofMinutes(10));
    assertThat(storage.blobs().read(blob, 10)).isEqualTo(text("stays"));
    assertThat(storage.records().read("stays/too").orElseThrow().bytes()).isEqualTo(text("value"));
    try (Ingest upload = storage.blobs().ingest("upload")) {
      assertThat(upload.offset()).isEqualTo(4);
    }
  }
}
