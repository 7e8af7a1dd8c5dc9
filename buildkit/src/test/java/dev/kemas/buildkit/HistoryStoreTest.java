package dev.kemas.buildkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.kemas.buildkit.wire.Control;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of builds on the disk. */
final class HistoryStoreTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final HistoryLimits LIMITS = new HistoryLimits(3, Duration.ofHours(1), 10_000);

  @TempDir Path folder;

  private HistoryStore open() {
    return HistoryStore.open(folder, LIMITS, CLOCK);
  }

  private static Control.BuildHistoryRecord record(String ref, int secondsAgo) {
    return Control.BuildHistoryRecord.newBuilder()
        .setRef(ref)
        .setCreatedAt(Timestamp.newBuilder().setSeconds(NOW.getEpochSecond() - secondsAgo).build())
        .build();
  }

  private static List<String> refs(List<Control.BuildHistoryRecord> records) {
    return records.stream().map(Control.BuildHistoryRecord::getRef).toList();
  }

  @Test
  void recordsAndWhatTheyNameAreThereForTheNextProcess() throws IOException {
    byte[] content = "said".getBytes(StandardCharsets.UTF_8);
    Digest digest = Digest.of(content);
    open().add(record("../a", 2), Map.of(digest, content));
    open().add(record("b", 1), Map.of());
    Files.createDirectory(folder.resolve("half.new"));

    HistoryStore next = open();

    assertThat(refs(next.records())).containsExactly("../a", "b");
    assertThat(next.blob(digest).orElseThrow()).hasBinaryContent(content);
    assertThat(folder.resolve("half.new")).doesNotExist();
    assertThat(next.remove("../a")).isTrue();
    assertThat(next.remove("../a")).isFalse();
    assertThat(next.blob(digest)).isEmpty();
    assertThat(refs(open().records())).containsExactly("b");
  }

  @Test
  void theOldestGoWhenThereAreTooManyTooOldOrTooLargeOnes() {
    HistoryStore store = open();
    store.add(record("pinned", 50), Map.of());
    store.pin("pinned", true);
    assertThat(refs(store.add(record("old", 4000), Map.of()))).containsExactly("old");
    store.add(record("a", 40), Map.of());
    store.add(record("b", 30), Map.of());
    assertThat(refs(store.add(record("c", 20), Map.of()))).containsExactly("a");
    byte[] large = new byte[9_900];
    assertThat(refs(store.add(record("large", 10), Map.of(Digest.of(large), large))))
        .containsExactly("b");
    assertThat(refs(open().records())).containsExactly("pinned", "c", "large");
  }

  @Test
  void aDamagedRecordHidesNoOther() throws IOException {
    open().add(record("a", 2), Map.of());
    Path bad = Files.createDirectory(folder.resolve("bad"));
    Files.write(bad.resolve("record"), new byte[] {(byte) 0xFF, 1, 2});
    assertThat(refs(open().records())).containsExactly("a");
  }

  @Test
  void whatWasToldIsReadAsItWasWritten() throws IOException {
    List<Control.StatusResponse> told = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      told.add(
          Control.StatusResponse.newBuilder()
              .addLogs(
                  Control.VertexLog.newBuilder()
                      .setVertex("v" + i)
                      .setMsg(ByteString.copyFrom(new byte[50_000])))
              .build());
    }
    Path file = Files.write(folder.resolve("log"), StatusLog.write(told));
    List<String> vertices = new ArrayList<>();
    StatusLog.read(file, one -> one.getLogsList().forEach(log -> vertices.add(log.getVertex())));
    assertThat(vertices).containsExactly("v0", "v1", "v2");
  }

  @Test
  void credentialsAreTakenOutOfAttributes() {
    assertThat(
            Redaction.of(
                Map.of(
                    "context", "https://user:pass@example.org/a.git",
                    "build-arg:API_TOKEN", "s3cret",
                    "build-arg:MONKEY", "shown",
                    "contextkey", "context")))
        .isEqualTo(
            Map.of(
                "context", "https://user:xxxxx@example.org/a.git",
                "build-arg:API_TOKEN", "xxxxx",
                "build-arg:MONKEY", "shown",
                "contextkey", "context"));
  }
}
