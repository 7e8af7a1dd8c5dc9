package dev.kemas.build.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.build.BuildRequest;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The build cache's records and their end, on real stores. */
class BuildCacheTest {
  @TempDir Path temp;
  private TestEngine engine;
  private Path context;

  @BeforeEach
  void open() throws IOException {
    engine = new TestEngine(temp.resolve("a"));
    engine.importBase();
    context = Files.createDirectories(temp.resolve("context"));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private BuildRequest request(String dockerfile, String... tags) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    return BuildRequest.of(context).withTags(List.of(tags).stream().map(Reference::parse).toList());
  }

  private CacheRecord of(String instruction) {
    return engine.cache.records().stream()
        .filter(record -> record.description().equals(instruction))
        .findFirst()
        .orElseThrow();
  }

  private void only(String dockerfile) throws IOException {
    engine.build(request(dockerfile).withExports(List.of()));
  }

  @Test
  void aRecordTellsTheInstructionItsParentAndItsUses() throws IOException {
    String dockerfile = "FROM base\nRUN write one 1\nRUN write two 2\nENV A=b\n";
    only(dockerfile);
    engine.now = engine.now.plusSeconds(60);
    only(dockerfile);
    CacheRecord one = of("RUN write one 1");
    CacheRecord two = of("RUN write two 2");
    assertThat(one.uses()).isEqualTo(2);
    assertThat(one.lastUsed()).isEqualTo(engine.now);
    assertThat(one.created()).isEqualTo(engine.now.minusSeconds(60));
    assertThat(one.bytes()).isPositive();
    assertThat(one.parents()).isEmpty();
    assertThat(two.parents()).containsExactly(one.id());
    assertThat(two.shared()).isFalse();
    assertThat(of("ENV A=b").bytes()).isZero();
  }

  @Test
  void usesOutliveTheProcessAndAHitWritesNothing() throws IOException {
    only("FROM base\nRUN write one 1\n");
    engine.recorded.flush();
    engine.now = engine.now.plusSeconds(60);
    only("FROM base\nRUN write one 1\n");
    engine.recorded.flush();
    engine.close();
    engine = new TestEngine(temp.resolve("a"));
    assertThat(of("RUN write one 1").uses()).isEqualTo(2);
  }

  @Test
  void whatAnImageHasIsSharedAndStaysWithoutAll() throws IOException {
    engine.build(request("FROM base\nRUN write one 1\n", "made:1"));
    only("FROM base\nRUN write other 1\n");
    BuildCache.Pruned pruned = engine.cache.prune(CacheRule.everything(false));
    assertThat(pruned.records())
        .extracting(CacheRecord::description)
        .containsExactly("RUN write other 1");
    assertThat(pruned.bytes()).isPositive();
    assertThat(of("RUN write one 1").shared()).isTrue();

    engine.cache.prune(CacheRule.everything(true));
    assertThat(engine.cache.records()).isEmpty();
    assertThat(engine.images.images().get("made:1").layers())
        .allSatisfy(layer -> assertThat(engine.images.layers().has(layer)).isTrue());
  }

  @Test
  void stepsOfARunningBuildStay() throws IOException {
    List<List<CacheRecord>> during = new ArrayList<>();
    only("FROM base\nRUN write loose 1\n");
    engine.whileRunning =
        () -> {
          if (engine.ran.size() == 2) {
            during.add(engine.cache.prune(CacheRule.everything(true)).records());
          }
        };
    only("FROM base\nRUN write one 1\nRUN write two 2\n");
    assertThat(during.getFirst())
        .extracting(CacheRecord::description)
        .containsExactly("RUN write loose 1");
    engine.whileRunning = () -> {};
    only("FROM base\nRUN write one 1\nRUN write two 2\n");
    assertThat(engine.ran).isEmpty();
  }

  @Test
  void theCacheIsKeptWithinItsLimits() throws IOException {
    for (int i = 0; i < 4; i++) {
      engine.now = engine.now.plus(Duration.ofHours(1));
      only("FROM base\nRUN write file" + i + " " + "x".repeat(50_000) + "\n");
    }
    long each = of("RUN write file0 " + "x".repeat(50_000)).bytes();
    CacheLimits two = new CacheLimits(0, 2 * each, 0);
    engine.cache.prune(List.of(new CacheRule(false, Duration.ZERO, List.of(), two)));
    assertThat(engine.cache.records())
        .extracting(record -> record.description().substring(0, 15))
        .containsExactlyInAnyOrder("RUN write file2", "RUN write file3");
    assertThat(engine.cache.records().stream().mapToLong(CacheRecord::bytes).sum())
        .isLessThanOrEqualTo(2 * each);
  }

  @Test
  void foldersOfRunsAreRecordsUnlessAStepHasThem() throws IOException {
    only("FROM base\nRUN --mount=type=cache,id=wheels,target=/w write one 1\n");
    CacheRecord mount = of("cached mount wheels");
    assertThat(mount.type()).isEqualTo(CacheRecord.CACHE_MOUNT);
    assertThat(mount.uses()).isEqualTo(1);
    List<CacheRecord> during = new ArrayList<>();
    engine.whileRunning =
        () -> {
          during.addAll(engine.cache.records());
          engine.cache.prune(CacheRule.everything(true));
        };
    only("FROM base\nRUN --mount=type=cache,id=wheels,target=/w write two 1\n");
    assertThat(during)
        .filteredOn(record -> record.id().equals(mount.id()))
        .allSatisfy(record -> assertThat(record.inUse()).isTrue());
    assertThat(of("cached mount wheels").id()).isEqualTo(mount.id());
    engine.cache.prune(CacheRule.everything(false));
    assertThat(engine.cache.records()).isEmpty();
  }

  @Test
  void twoNamesOfOneWorkAreOneRecordAndStepsAfterItAreNamedTheSame() throws IOException {
    String dockerfile =
        "FROM base AS one\nRUN write made 1\nFROM base\nCOPY --from=one /made /other\nENV A=b\n";
    var first = engine.build(request(dockerfile)).id();
    engine.now = engine.now.plusSeconds(60);
    assertThat(engine.build(request(dockerfile)).id()).isEqualTo(first);
    assertThat(engine.cache.records())
        .extracting(CacheRecord::description)
        .containsExactlyInAnyOrder("RUN write made 1", "COPY --from=one /made /other", "ENV A=b");
  }
}
