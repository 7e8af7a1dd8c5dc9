package dev.kemas.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache of another registry, which is one of ours here. */
class CacheTest {
  @TempDir Path folder;

  private Running upstream() {
    return Running.start(folder.resolve("upstream"), config -> config);
  }

  private Running cache(Running upstream, OptionalLong most) {
    ServerConfig.Cache cache = new ServerConfig.Cache(upstream.host(), most, "", "");
    return Running.start(
        folder.resolve("cache"),
        c ->
            new ServerConfig(
                c.listen(),
                c.product(),
                c.store(),
                c.tls(),
                c.access(),
                c.limits(),
                Optional.of(cache),
                false,
                c.auditLog()));
  }

  private static void pull(Running registry, String name, Sample image) throws Exception {
    assertThat(registry.http().get("/v2/" + name + "/manifests/v1").expect(200).bytes())
        .isEqualTo(image.manifest());
    for (byte[] layer : image.layers()) {
      assertThat(
              registry.http().get("/v2/" + name + "/blobs/" + Digest.of(layer)).expect(200).bytes())
          .isEqualTo(layer);
    }
  }

  @Test
  void whatWasPulledOnceIsThereWithoutTheOtherRegistry() throws Exception {
    Sample image = Sample.of(1, 2_000_000, 300);
    Running upstream = upstream();
    try (Running cache = cache(upstream, OptionalLong.empty())) {
      image.push(upstream.http(), "c/image", "v1");
      pull(cache, "c/image", image);
      cache.http().head("/v2/c/image/blobs/" + Digest.of(image.config())).expect(200);
      upstream.close();
      pull(cache, "c/image", image);
      cache.http().get("/v2/c/image/manifests/" + image.digest()).expect(200);
      cache.http().get("/v2/c/image/manifests/other").expect(503);
    }
  }

  @Test
  void whatNobodyHasIsUnknownAndNothingIsPushed() throws Exception {
    try (Running upstream = upstream();
        Running cache = cache(upstream, OptionalLong.empty())) {
      cache.http().get("/v2/c/none/manifests/v1").expect(404, "MANIFEST_UNKNOWN");
      cache.http().get("/v2/c/none/blobs/" + Digest.of(new byte[] {1})).expect(404, "BLOB_UNKNOWN");
      cache.http().post("/v2/c/none/blobs/uploads/").expect(405, "UNSUPPORTED");
    }
  }

  @Test
  void aPartOfABlobThatIsNotHereIsServed() throws Exception {
    Sample image = Sample.of(2, 100_000);
    try (Running upstream = upstream();
        Running cache = cache(upstream, OptionalLong.empty())) {
      image.push(upstream.http(), "c/part", "v1");
      Http.Answer part =
          cache
              .http()
              .get(
                  "/v2/c/part/blobs/" + Digest.of(image.layers().getFirst()),
                  "Range",
                  "bytes=500-599");
      assertThat(part.expect(206).bytes())
          .isEqualTo(java.util.Arrays.copyOfRange(image.layers().getFirst(), 500, 600));
    }
  }

  @Test
  void aDamagedBlobIsNeverWhole() throws Exception {
    Sample image = Sample.of(3, 1_000_000);
    Digest layer = Digest.of(image.layers().getFirst());
    try (Running upstream = upstream();
        Running cache = cache(upstream, OptionalLong.empty())) {
      image.push(upstream.http(), "c/bad", "v1");
      Path file = folder.resolve("upstream/content/blobs/sha256/" + layer.hex());
      byte[] damaged = Files.readAllBytes(file);
      damaged[10]++;
      Files.delete(file);
      Files.write(file, damaged);
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> cache.http().get("/v2/c/bad/blobs/" + layer))
          .isInstanceOf(IOException.class);
      assertThat(folder.resolve("cache/content/blobs/sha256/" + layer.hex())).doesNotExist();
    }
  }

  @Test
  void whatWasNotUsedForLongestMakesRoom() throws Exception {
    try (Running upstream = upstream();
        Running cache = cache(upstream, OptionalLong.of(2_500_000))) {
      for (int i = 0; i < 4; i++) {
        Sample image = Sample.of(10 + i, 1_000_000).push(upstream.http(), "c/lru" + i, "v1");
        pull(cache, "c/lru" + i, image);
        long size = size();
        assertThat(size).isLessThanOrEqualTo(2_500_000);
      }
      String newest = Digest.of(Sample.of(13, 1_000_000).layers().getFirst()).hex();
      String oldest = Digest.of(Sample.of(10, 1_000_000).layers().getFirst()).hex();
      assertThat(folder.resolve("cache/content/blobs/sha256/" + newest)).exists();
      assertThat(folder.resolve("cache/content/blobs/sha256/" + oldest)).doesNotExist();
      // and comes again
      pull(cache, "c/lru0", Sample.of(10, 1_000_000));
    }
  }

  @Test
  void aFullCacheServesManyAtOnce() throws Exception {
    try (Running upstream = upstream();
        Running cache = cache(upstream, OptionalLong.of(2_500_000))) {
      List<Sample> images = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        images.add(Sample.of(20 + i, 900_000).push(upstream.http(), "c/many" + i, "v1"));
      }
      try (ExecutorService threads = Executors.newCachedThreadPool()) {
        List<Future<?>> pulls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          int first = i;
          pulls.add(
              threads.submit(() -> {
                for (int n = 0; n < 15; n++) {
                  int which = (first + n) % images.size();
                  pull(cache, "c/many" + which, images.get(which));
                }
                return null;
              }));
        }
        for (Future<?> pull : pulls) {
          pull.get();
        }
      }
      assertThat(size()).isLessThanOrEqualTo(2_500_000);
    }
  }

  private long size() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("cache/content/blobs/sha256"))) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
