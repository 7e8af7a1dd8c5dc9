package dev.kemas.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.archive.Compression;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.registry.client.RegistrySettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The collector in the middle of pulls, loads and removals: it takes nothing that is needed. */
@Timeout(300)
class CollectorRaceTest {
  private static final int IMAGES = 5;
  private static final int ROUNDS = Integer.getInteger("kemas.race.rounds", 25);

  @TempDir Path folder;
  private Store store;
  private RegistryDouble registry;
  private final List<byte[]> layers = new ArrayList<>();
  private final List<byte[]> configs = new ArrayList<>();
  private final List<byte[]> archives = new ArrayList<>();
  private final AtomicInteger checked = new AtomicInteger();

  @BeforeEach
  void open() throws IOException {
    store = Store.open(folder, new RegistrySettings(List.of(), List.of(), Duration.ofSeconds(1)));
    registry = new RegistryDouble();
    for (int i = 0; i < IMAGES + 2; i++) {
      layers.add(Sample.layer("file" + i, "content " + i));
    }
    for (int i = 0; i < IMAGES; i++) {
      // neighbours share two layers in one place and one in another
      byte[] config = Json.write(Sample.config(plain(i)));
      configs.add(config);
      List<Descriptor> blobs = new ArrayList<>();
      List<byte[]> content = new ArrayList<>(List.of(config));
      for (byte[] layer : plain(i)) {
        byte[] packed = Sample.compress(layer, Compression.GZIP);
        content.add(packed);
        blobs.add(Descriptor.of(MediaType.OCI_LAYER_GZIP, Digest.of(packed), packed.length));
      }
      byte[] manifest =
          Json.write(
              Manifest.oci(
                  Descriptor.of(MediaType.OCI_CONFIG, Digest.of(config), config.length), blobs));
      registry.put("" + i, manifest, content.toArray(byte[][]::new));
      archives.add(Sample.tar(Sample.docker("loaded:" + i, config, plain(i))));
    }
  }

  private byte[][] plain(int image) {
    return new byte[][] {
      layers.get(0), layers.get(image + 1), layers.get((image + 1) % IMAGES + 1)
    };
  }

  @AfterEach
  void close() {
    registry.close();
    store.close();
  }

  /** Gets an image one way or the other, looks at it while it is there, and removes it. */
  private void work(Random random) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      int which = random.nextInt(IMAGES);
      Digest id = Digest.of(configs.get(which));
      try {
        if (random.nextInt(3) == 0) {
          load(which);
        } else {
          pull(which);
        }
      } catch (Fault.Unavailable | Fault.DataLoss e) {
        throw new AssertionError("image " + which + " did not come: " + e, e);
      }
      require(id, which);
      if (random.nextBoolean()) {
        remove(id);
      }
    }
  }

  private void pull(int which) {
    store
        .service
        .puller()
        .pull(
            Reference.parse(registry.host() + "/x:" + which),
            Optional.empty(),
            RegistryLogin.ANONYMOUS,
            Progress.NONE);
  }

  private void load(int which) throws IOException {
    store
        .service
        .loader()
        .load(new ByteArrayInputStream(archives.get(which)), Optional.empty(), Progress.NONE);
  }

  /** An image that is held is whole, whoever removes its names meanwhile. */
  private void require(Digest id, int which) throws IOException {
    Optional<Image> now = store.service.images().find(id);
    while (now.isPresent()) {
      try (Hold hold = store.service.layers().hold("a look at " + which)) {
        now.get().layers().forEach(hold::keep);
        Optional<Image> then = store.service.images().find(id);
        // a pull may have put other blobs of the same layers in the place of loaded ones
        if (then.map(Image::layers).equals(now.map(Image::layers))) {
          look(then.orElseThrow(), which);
          return;
        }
        now = then;
      }
    }
  }

  private void look(Image image, int which) throws IOException {
    for (int i = 0; i < image.layers().size(); i++) {
      Layer layer = image.layers().get(i);
      assertThat(store.blobs.stat(layer.blob().digest())).as("blob %s", layer).isPresent();
      try (Stream<Path> files = Files.list(store.folder(layer))) {
        Path file = files.findFirst().orElseThrow();
        assertThat(Sample.layer(file.getFileName().toString(), Files.readString(file)))
            .isEqualTo(plain(which)[i]);
      }
    }
    checked.incrementAndGet();
  }

  private void remove(Digest id) {
    try {
      store.service.images().remove(id.toString(), true, false);
    } catch (Fault.NotFound e) {
      return; // another one was faster
    }
  }

  @Test
  void nothingIsLostAndNothingIsLeft() throws Exception {
    long seed = Long.getLong("kemas.race.seed", System.nanoTime());
    AtomicBoolean over = new AtomicBoolean();
    int collections = 0;
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Void>> workers = new ArrayList<>();
      for (int w = 0; w < 4; w++) {
        Random random = new Random(seed + w);
        Callable<Void> work =
            () -> {
              work(random);
              return null;
            };
        workers.add(threads.submit(work));
      }
      Future<Integer> collector =
          threads.submit(() -> {
            int rounds = 0;
            while (!over.get()) {
              store.collect();
              rounds++;
            }
            return rounds;
          });
      try {
        for (Future<Void> worker : workers) {
          worker.get();
        }
      } catch (java.util.concurrent.ExecutionException e) {
        throw new AssertionError("seed " + seed, e);
      } finally {
        over.set(true);
      }
      collections = collector.get();
    }
    store.collect();
    assertThat(store.unowned()).as("seed %d", seed).isEmpty();
    for (Image image : store.service.images().list(ImageFilter.ALL, true)) {
      assertThat(image.layers()).allMatch(store.service.layers()::has);
    }
    store.service.images().list(ImageFilter.ALL, true).forEach(image -> remove(image.id()));
    store.collect();
    assertThat(store.blobDigests()).isEmpty();
    assertThat(store.snapshotNames()).isEmpty();
    assertThat(store.blobs.partials()).isEmpty();
    assertThat(collections).isGreaterThan(10);
    assertThat(checked).hasValueGreaterThan(10);
  }
}
