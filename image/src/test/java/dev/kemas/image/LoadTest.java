package dev.kemas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.archive.Compression;
import dev.kemas.archive.TarEntry;
import dev.kemas.archive.TarWriter;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoadTest {
  @TempDir Path folder;
  private Store store;

  private final byte[] lower = Sample.layer("etc/base", "lower");
  private final byte[] upper = Sample.layer("app/main", "upper");
  private final byte[] config = Json.write(Sample.config(lower, upper));

  @BeforeEach
  void open() {
    store = Store.open(folder.resolve("store"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private LoadReport load(byte[] archive) throws IOException {
    return store
        .service
        .loader()
        .load(new ByteArrayInputStream(archive), Optional.empty(), store.progress());
  }

  private void refused(byte[] archive, Class<? extends Throwable> fault, String text) {
    List<Digest> blobs = store.blobDigests();
    List<String> snapshots = store.snapshotNames();
    assertThatThrownBy(() -> load(archive)).isInstanceOf(fault).hasMessageContaining(text);
    assertThat(store.blobDigests()).as("blobs left behind").isEqualTo(blobs);
    assertThat(store.snapshotNames()).as("snapshots left behind").isEqualTo(snapshots);
  }

  @Test
  void aDockerArchiveWithLayersBeforeTheManifestBecomesAnImage() throws IOException {
    LoadReport report = load(Sample.tar(Sample.docker("app:1", config, lower, upper)));

    Image image = store.service.images().get("app:1");
    assertThat(report.images()).extracting(Image::id).containsExactly(Digest.of(config));
    assertThat(image.id()).isEqualTo(Digest.of(config));
    assertThat(image.layers()).hasSize(2);
    assertThat(store.folder(image.layers().get(0)).resolve("etc/base")).hasContent("lower");
    assertThat(store.folder(image.layers().get(1)).resolve("app/main")).hasContent("upper");
    assertThat(image.size()).isEqualTo(10);
    assertThat(store.said).contains("Loaded image: app:1");
    assertThat(store.events).extracting(ImageEvent::action).contains(ImageEvent.Action.LOAD);
    assertThat(store.snapshots.stat(image.snapshot().orElseThrow())).isPresent();
  }

  @Test
  void anOciArchiveKeepsItsManifestAndItsName() throws IOException {
    byte[] packed = Sample.compress(lower, Compression.GZIP);
    byte[] one = Json.write(Sample.config(lower));
    load(Sample.tar(Sample.oci("localhost/tool:2", one, MediaType.OCI_LAYER_GZIP, packed)));

    Image image = store.service.images().get("localhost/tool:2");
    assertThat(image.layers().getFirst().blob().digest()).isEqualTo(Digest.of(packed));
    assertThat(image.layers().getFirst().diffId()).isEqualTo(Digest.of(lower));
    assertThat(store.folder(image.layers().getFirst()).resolve("etc/base")).hasContent("lower");
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "ZSTD"})
  void aPackedArchiveIsUnpackedOnTheWay(Compression compression) throws IOException {
    byte[] archive = Sample.tar(Sample.docker("app:1", config, lower, upper));

    load(Sample.compress(archive, compression));

    assertThat(store.service.images().get("app:1").id()).isEqualTo(Digest.of(config));
  }

  @Test
  void anArchiveWithoutATagLoadsADanglingImage() throws IOException {
    load(Sample.tar(Sample.docker("", config, lower, upper)));

    assertThat(store.said).contains("Loaded image ID: " + Digest.of(config));
    assertThat(store.service.images().get(Digest.of(config).hex()).dangling()).isTrue();
  }

  @Test
  void aLinkToAnotherImagesLayerIsFollowed() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] twice = Json.write(Sample.config(lower, lower));
    try (TarWriter tar = new TarWriter(out)) {
      put(tar, "a/layer.tar", lower);
      tar.put(TarEntry.symbolicLink("b/layer.tar", "../a/layer.tar", Sample.TIME));
      put(tar, "c.json", twice);
      put(
          tar,
          "manifest.json",
          Json.write(
              List.of(
                  new SavedImage(
                      "c.json", List.of("x:1"), List.of("a/layer.tar", "b/layer.tar")))));
    }
    load(out.toByteArray());

    Image image = store.service.images().get("x:1");
    assertThat(image.layers()).hasSize(2);
    assertThat(image.layers().get(0).diffId()).isEqualTo(image.layers().get(1).diffId());
    assertThat(store.snapshotNames()).hasSize(2);
  }

  @Test
  void severalImagesShareLayersThatAreKeptOnce() throws IOException {
    byte[] small = Json.write(Sample.config(lower));
    Map<String, byte[]> files = new LinkedHashMap<>(Sample.docker("big:1", config, lower, upper));
    files.put("small.json", small);
    files.put(
        "manifest.json",
        Json.write(
            List.of(
                new SavedImage(
                    Digest.of(config).hex() + ".json",
                    List.of("big:1"),
                    List.of("layer-0/layer.tar", "layer-1/layer.tar")),
                new SavedImage("small.json", List.of("small:1"), List.of("layer-0/layer.tar")))));
    load(Sample.tar(files));

    assertThat(store.service.images().get("small:1").layers().getFirst())
        .isEqualTo(store.service.images().get("big:1").layers().getFirst());
    assertThat(store.snapshotNames()).hasSize(2);
  }

  @Test
  void loadingTheSameAgainChangesNothing() throws IOException {
    byte[] archive = Sample.tar(Sample.docker("app:1", config, lower, upper));
    load(archive);
    List<Digest> blobs = store.blobDigests();

    load(archive);

    store.collect();
    assertThat(store.blobDigests()).isEqualTo(blobs);
    assertThat(store.service.images().list(ImageFilter.ALL, true)).hasSize(1);
  }

  @Test
  void aTagThatMovesIsToldOf() throws IOException {
    load(Sample.tar(Sample.docker("app:1", config, lower, upper)));
    byte[] other = Json.write(Sample.config(lower));

    load(Sample.tar(Sample.docker("app:1", other, lower)));

    assertThat(store.said)
        .contains(
            "The image app:1 already exists, renaming the old one with ID "
                + Digest.of(config)
                + " to empty string");
  }

  @Test
  void twoLoadsOfOneImageAtOnceBothSucceed() throws Exception {
    byte[] archive = Sample.tar(Sample.docker("app:1", config, lower, upper));
    try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<LoadReport> one = () -> load(archive);
      for (Future<LoadReport> done : both.invokeAll(List.of(one, one, one, one))) {
        assertThat(done.get().images()).hasSize(1);
      }
    }
    assertThat(store.snapshotNames()).hasSize(2);
  }

  @Test
  void imagesAreThereAfterARestart() throws IOException {
    load(Sample.tar(Sample.docker("app:1", config, lower, upper)));
    store.close();
    store = Store.open(folder.resolve("store"));

    assertThat(store.service.images().get("app:1").layers()).hasSize(2);
    store.collect();
    assertThat(store.service.layers().ensureUnpacked(store.service.images().get("app:1").layers()))
        .isPresent();
  }

  @Test
  void aSnapshotThatWentMissingIsUnpackedAgain() throws IOException {
    load(Sample.tar(Sample.docker("app:1", config, lower, upper)));
    Image image = store.service.images().get("app:1");
    store.snapshots.remove(image.snapshot().orElseThrow());

    store.service.layers().ensureUnpacked(image.layers());

    assertThat(store.folder(image.layers().get(1)).resolve("app/main")).hasContent("upper");
  }

  @Test
  void aWrongDiffIdIsRefused() {
    byte[] lying = Json.write(Sample.config(lower, Sample.layer("other", "x")));
    refused(
        Sample.tar(Sample.docker("app:1", lying, lower, upper)),
        Fault.DataLoss.class,
        "the archive is damaged");
  }

  @Test
  void aBlobThatIsNotWhatItsNameSaysIsRefused() {
    byte[] one = Json.write(Sample.config(lower));
    Map<String, byte[]> files = Sample.oci("x:1", one, MediaType.OCI_LAYER, lower);
    byte[] changed = lower.clone();
    changed[600] ^= 1;
    files.put(Sample.blob(lower), changed);
    refused(Sample.tar(files), Fault.DataLoss.class, "");
  }

  @Test
  void aConfigurationThatIsNotWhatItsNameSaysIsRefused() {
    byte[] one = Json.write(Sample.config(lower));
    Map<String, byte[]> files = Sample.oci("x:1", one, MediaType.OCI_LAYER, lower);
    files.put(Sample.blob(one), "{\"architecture\":\"evil\"}".getBytes(StandardCharsets.UTF_8));
    refused(Sample.tar(files), Fault.DataLoss.class, "the archive is damaged");
  }

  @Test
  void aTruncatedArchiveIsRefused() {
    byte[] archive = Sample.tar(Sample.docker("app:1", config, lower, upper));
    for (int cut : new int[] {300, 700, 1500, 2600, 5000}) {
      refused(Arrays.copyOf(archive, cut), Fault.class, "");
    }
  }

  @Test
  void aLayerThatLeavesItsRootIsRefused() {
    byte[] evil = Sample.layer("../../outside", "x");
    byte[] one = Json.write(Sample.config(evil));
    refused(Sample.tar(Sample.docker("app:1", one, evil)), Fault.InvalidArgument.class, "outside");
    assertThat(folder.resolve("outside")).doesNotExist();
  }

  @Test
  void namesThatLeaveTheArchiveAreRefused() {
    Map<String, byte[]> up = new LinkedHashMap<>();
    up.put("../evil", config);
    refused(Sample.tar(up), Fault.InvalidArgument.class, "../evil");

    Map<String, byte[]> files = Sample.docker("app:1", config, lower, upper);
    files.put(
        "manifest.json",
        Json.write(
            List.of(
                new SavedImage(
                    "../../../etc/passwd", List.of("x:1"), List.of("layer-0/layer.tar")))));
    refused(Sample.tar(files), Fault.InvalidArgument.class, "leads out of the archive");
  }

  @Test
  void aLinkOutOfTheArchiveIsRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(out)) {
      tar.put(TarEntry.symbolicLink("manifest.json", "../../etc/passwd", Sample.TIME));
    }
    refused(out.toByteArray(), Fault.InvalidArgument.class, "leads out of the archive");
  }

  @Test
  void whatIsNoImageArchiveIsRefusedWithAHint() {
    refused(Sample.tar(Map.of("a", new byte[] {1})), Fault.InvalidArgument.class, "use import");
    refused("hello".getBytes(StandardCharsets.UTF_8), Fault.class, "");
    refused(new byte[0], Fault.class, "");
  }

  @Test
  void aManifestThatNamesWhatIsNotThereIsRefused() {
    Map<String, byte[]> files = Sample.docker("app:1", config, lower, upper);
    files.remove("layer-1/layer.tar");
    refused(Sample.tar(files), Fault.InvalidArgument.class, "layer-1/layer.tar");
  }

  @Test
  void aHugeManifestIsRefused() {
    Map<String, byte[]> files = Sample.docker("app:1", config, lower, upper);
    byte[] huge = new byte[Catalog.MAX_DOCUMENT + 1];
    Arrays.fill(huge, (byte) ' ');
    files.put("manifest.json", huge);
    refused(Sample.tar(files), Fault.InvalidArgument.class, "");
  }

  @Test
  void oneBadImageMeansThatNoneIsLoaded() {
    Map<String, byte[]> files = new LinkedHashMap<>(Sample.docker("good:1", config, lower, upper));
    files.put(
        "manifest.json",
        Json.write(
            List.of(
                new SavedImage(
                    Digest.of(config).hex() + ".json",
                    List.of("good:1"),
                    List.of("layer-0/layer.tar", "layer-1/layer.tar")),
                new SavedImage("missing.json", List.of("bad:1"), List.of()))));
    refused(Sample.tar(files), Fault.InvalidArgument.class, "missing.json");
    assertThat(store.service.images().list(ImageFilter.ALL, true)).isEmpty();
  }

  @Test
  void nothingIsWrittenBesideTheStores() throws IOException {
    load(Sample.tar(Sample.docker("app:1", config, lower, upper)));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("store"));
    }
  }

  private static void put(TarWriter tar, String name, byte[] content) throws IOException {
    tar.put(
        TarEntry.file(name, 0644, content.length, Sample.TIME), new ByteArrayInputStream(content));
  }
}
