package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.image.Layer;
import dev.kemas.metadata.RecordStore;
import dev.kemas.metadata.Resource;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedCacheTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");

  @TempDir Path temp;

  private static Digest digest(int n) {
    return Digest.of(new byte[] {(byte) n});
  }

  private static Layer layer(int n) {
    return new Layer(digest(n), digest(n + 1), Descriptor.of(MediaType.OCI_LAYER, digest(n), 7), 5);
  }

  @Test
  void entriesOutliveTheEngine() {
    CacheIndex.Entry with = new CacheIndex.Entry(Optional.of(layer(1)), NOW);
    CacheIndex.Entry without = new CacheIndex.Entry(Optional.empty(), NOW);
    try (RecordStore store = RecordStore.open(temp.resolve("db"))) {
      RecordedCache cache = new RecordedCache(store);
      cache.put(digest(10), with);
      cache.put(digest(11), without);
    }
    try (RecordStore store = RecordStore.open(temp.resolve("db"))) {
      RecordedCache cache = new RecordedCache(store);
      assertThat(cache.find(digest(10))).contains(with);
      assertThat(cache.find(digest(11))).contains(without);
      assertThat(cache.find(digest(12))).isEmpty();
      assertThat(cache.summary()).isEqualTo(new RecordedCache.Summary(2, 5));
      assertThat(cache.roots().getFirst().keeps())
          .containsExactly(
              Resource.snapshot(layer(1).chainId().hex()), Resource.blob(layer(1).diffId()));
    }
  }

  @Test
  void entriesAreForgottenWithTheirUses() {
    try (RecordStore store = RecordStore.open(temp.resolve("db"))) {
      RecordedCache cache = new RecordedCache(store);
      cache.put(digest(1), new CacheIndex.Entry(Optional.empty(), NOW));
      cache.put(digest(2), new CacheIndex.Entry(Optional.empty(), NOW));
      cache.used(digest(1), "RUN a", Optional.empty());
      cache.forget(List.of(digest(1).hex()));
      assertThat(cache.find(digest(1))).isEmpty();
      assertThat(cache.find(digest(2))).isPresent();
      cache.put(digest(1), new CacheIndex.Entry(Optional.empty(), NOW));
      assertThat(cache.known()).allSatisfy(known -> assertThat(known.uses()).isZero());
    }
  }

  @Test
  void usesAddUpAndOutliveTheEngine() {
    for (int i = 0; i < 2; i++) {
      try (RecordStore store = RecordStore.open(temp.resolve("db"))) {
        RecordedCache cache = new RecordedCache(store, Clock.fixed(NOW, ZoneOffset.UTC));
        cache.put(digest(1), new CacheIndex.Entry(Optional.empty(), NOW.minusSeconds(9)));
        cache.used(digest(1), "RUN a", Optional.empty());
        cache.used(digest(1), "RUN b", Optional.of(digest(7)));
        cache.used(digest(9), "RUN of what is not there", Optional.empty());
        cache.flush();
      }
    }
    try (RecordStore store = RecordStore.open(temp.resolve("db"))) {
      assertThat(new RecordedCache(store).known())
          .containsExactly(
              new RecordedCache.Known(
                  digest(1),
                  Optional.empty(),
                  NOW.minusSeconds(9),
                  NOW,
                  4,
                  "RUN b",
                  Optional.of(digest(7))));
    }
  }
}
