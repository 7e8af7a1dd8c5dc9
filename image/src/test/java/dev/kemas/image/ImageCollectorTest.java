package dev.kemas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which images go when the disk fills up, and in what order. */
class ImageCollectorTest {
  private static final int SIZE = 1_000_000;
  @TempDir Path folder;
  private Store store;

  @BeforeEach
  void open() {
    store = Store.open(folder);
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** An image of about two megabytes: its blob and its files. */
  private Digest load(String tag) throws IOException {
    byte[] content = new byte[SIZE];
    new Random(tag.hashCode()).nextBytes(content);
    byte[] layer = Sample.tar(Map.of("noise", content));
    byte[] config = Json.write(Sample.config(layer));
    store
        .service
        .loader()
        .load(
            new ByteArrayInputStream(Sample.tar(Sample.docker(tag, config, layer))),
            Optional.empty(),
            Progress.NONE);
    store.later = store.later.plusMinutes(1);
    return Digest.of(config);
  }

  private List<String> names() {
    return store.service.images().list(ImageFilter.ALL, true).stream()
        .flatMap(i -> i.tags().stream())
        .map(Reference::familiar)
        .sorted()
        .toList();
  }

  private List<Removed> collect(long high, long low, Duration minAge, String... keep) {
    return store
        .service
        .collector()
        .collect(new Watermarks(new Mark.Bytes(high), new Mark.Bytes(low), minAge, List.of(keep)));
  }

  @Test
  void thoseUnusedTheLongestGoUntilTheLowMark() throws IOException {
    for (String tag : List.of("a:1", "b:1", "c:1", "d:1", "e:1")) {
      load(tag);
    }
    assertThat(collect(11_000_000, 1, Duration.ZERO)).isEmpty();
    store.service.images().used(store.service.images().get("a:1").id());
    store.later = store.later.plusMinutes(1);
    store.events.clear();
    assertThat(collect(9_000_000, 5_000_000, Duration.ZERO))
        .extracting(Object::toString)
        .filteredOn(r -> r.startsWith("Untagged"))
        .containsExactly("Untagged[name=b:1]", "Untagged[name=c:1]", "Untagged[name=d:1]");
    assertThat(names()).containsExactly("a:1", "e:1");
    assertThat(store.events)
        .extracting(ImageEvent::action)
        .containsExactly(
            ImageEvent.Action.UNTAG,
            ImageEvent.Action.DELETE,
            ImageEvent.Action.UNTAG,
            ImageEvent.Action.DELETE,
            ImageEvent.Action.UNTAG,
            ImageEvent.Action.DELETE);
    assertThat(store.unowned()).isEmpty();
    assertThat(collect(9_000_000, 5_000_000, Duration.ZERO)).isEmpty();
  }

  @Test
  void whatIsInUseKeptHeldOrYoungStays() throws IOException {
    Digest used = load("used:1");
    load("kept:1");
    Digest held = load("held:1");
    load("old:1");
    store.use = id -> id.equals(used) ? List.of(new ImageUse.User("c", false)) : List.of();
    try (Hold hold = store.service.layers().hold("a test")) {
      hold.keepBlob(held);
      collect(2, 1, Duration.ZERO, "reference=kept", "label=none");
    }
    assertThat(names()).containsExactly("held:1", "kept:1", "used:1");
    load("young:1");
    collect(2, 1, Duration.ofMinutes(2), "reference=kept");
    assertThat(names()).containsExactly("kept:1", "used:1", "young:1");
  }

  @Test
  void theLastUseOutlivesTheProcess() throws IOException {
    load("a:1");
    load("b:1");
    store.service.images().used(store.service.images().get("a:1").id());
    store.close();
    store = Store.open(folder);
    store.later = Duration.ofHours(1);
    collect(3_000_000, 2_500_000, Duration.ZERO);
    assertThat(names()).containsExactly("a:1");
  }

  @Test
  void marksThatCannotBeAreRefused() {
    assertThat(Mark.parse("80%")).isEqualTo(new Mark.Percent(80));
    assertThat(Mark.parse("20g")).isEqualTo(new Mark.Bytes(20L << 30));
    assertThat(Mark.parse("5MiB")).isEqualTo(new Mark.Bytes(5L << 20));
    for (String bad : List.of("", "0%", "100%", "x", "-1g", "0")) {
      assertThatThrownBy(() -> Mark.parse(bad)).isInstanceOf(Fault.InvalidArgument.class);
    }
    assertThatThrownBy(() -> collect(5, 6, Duration.ZERO))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("not above it");
    assertThatThrownBy(() -> collect(6, 5, Duration.ZERO, "nope"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("label=... or reference=...");
  }
}
