package dev.kemas.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class CollectorTest {
  private final Map<String, List<String>> blobs = new ConcurrentHashMap<>();
  private final Set<String> roots = ConcurrentHashMap.newKeySet();
  private final Leases leases = new Leases();

  private final ResourceSpace space =
      new ResourceSpace() {
        @Override
        public String kind() {
          return Resource.BLOB;
        }

        @Override
        public void walk(Consumer<Resource> visitor) {
          blobs.keySet().forEach(id -> visitor.accept(blob(id)));
        }

        @Override
        public List<Resource> references(Resource resource) {
          return blobs.getOrDefault(resource.id(), List.of()).stream()
              .map(CollectorTest::blob)
              .toList();
        }

        @Override
        public long remove(Resource resource) {
          blobs.remove(resource.id());
          return 10;
        }
      };

  private final Collector collector =
      new Collector(
          leases,
          List.of(
              () -> List.of(new Owner("roots", roots.stream().map(CollectorTest::blob).toList()))),
          List.of(space));

  private static Resource blob(String id) {
    return new Resource(Resource.BLOB, id);
  }

  @Test
  void whatNoRootReachesGoes() {
    blobs.put("manifest", List.of("config", "layer"));
    blobs.put("config", List.of());
    blobs.put("layer", List.of());
    blobs.put("lost", List.of("layer"));
    roots.add("manifest");
    Collector.Result result = collector.collect();
    assertThat(result.removed()).containsExactly(blob("lost"));
    assertThat(result.bytes()).isEqualTo(10);
    assertThat(blobs.keySet()).containsExactlyInAnyOrder("manifest", "config", "layer");
    roots.clear();
    assertThat(collector.collect().removed()).hasSize(3);
  }

  @Test
  void aLeaseKeepsAlsoWhatItReachesUntilItIsClosed() {
    blobs.put("manifest", List.of("layer"));
    blobs.put("layer", List.of());
    try (Lease lease = leases.take("pull")) {
      lease.add(blob("manifest"));
      lease.add(blob("not-there-yet"));
      assertThat(collector.collect().removed()).isEmpty();
    }
    assertThat(collector.collect().removed()).hasSize(2);
  }

  @Test
  void whoKeepsWhatIsListed() {
    blobs.put("manifest", List.of("layer"));
    blobs.put("layer", List.of());
    blobs.put("lost", List.of());
    roots.add("manifest");
    try (Lease lease = leases.take("pull")) {
      lease.add(blob("layer"));
      assertThat(collector.owners())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  blob("manifest"),
                  new TreeSet<>(Set.of("roots")),
                  blob("layer"),
                  new TreeSet<>(Set.of("roots", "lease for pull")),
                  blob("lost"),
                  new TreeSet<>()));
    }
  }

  @Test
  @Timeout(60)
  void nothingInUseGoesWhileWorkIsUnderWay() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger lost = new AtomicInteger();
    AtomicInteger made = new AtomicInteger();
    List<Thread> workers = new ArrayList<>();
    for (int w = 0; w < 3; w++) {
      int worker = w;
      workers.add(Thread.ofPlatform().start(() -> work(worker, stop, lost, made)));
    }
    int removed = 0;
    // the workers may be through before this thread gets a core: both must have happened at once
    while (made.get() < 3000 || removed == 0) {
      removed += collector.collect().removed().size();
    }
    stop.set(true);
    for (Thread worker : workers) {
      worker.join();
    }
    assertThat(lost).hasValue(0);
    collector.collect();
    assertThat(blobs).isEmpty();
  }

  /** Makes images of a shared layer, finds each whole while it is rooted, then gives it up. */
  private void work(int worker, AtomicBoolean stop, AtomicInteger lost, AtomicInteger made) {
    for (int i = 0; !stop.get(); i++) {
      String manifest = worker + "-" + i;
      try (Lease lease = leases.take("make " + manifest)) {
        lease.add(blob("shared"));
        lease.add(blob(manifest));
        blobs.putIfAbsent("shared", List.of());
        blobs.put(manifest, List.of("shared"));
        roots.add(manifest);
      }
      if (!blobs.containsKey(manifest) || !blobs.containsKey("shared")) {
        lost.incrementAndGet();
      }
      roots.remove(manifest);
      made.incrementAndGet();
    }
  }
}
