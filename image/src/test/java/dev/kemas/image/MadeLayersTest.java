package dev.kemas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.archive.Compression;
import dev.kemas.archive.LayerWriter;
import dev.kemas.content.BlobReader;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistrySettings;
import dev.kemas.snapshot.Changes;
import dev.kemas.snapshot.SnapshotName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a large layer made here no archive is written before somebody wants it. */
class MadeLayersTest {
  @TempDir Path folder;
  private Store store;

  @BeforeEach
  void open() {
    store = Store.open(folder, RegistrySettings.DEFAULT);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    store.close();
    open();
  }

  /** A layer with a file of so many bytes, and what else an archive can say. */
  private Layer make(Hold hold, String key, int bytes, Optional<Digest> parent) throws IOException {
    SnapshotName active = new SnapshotName(key);
    store.snapshots.prepare(active, parent.map(SnapshotName::of));
    if (!(store.snapshots.changes(active) instanceof Changes.OverlayUpper(Path upper))) {
      throw new AssertionError("not an overlay");
    }
    byte[] noise = new byte[bytes];
    new Random(3).nextBytes(noise);
    Files.createDirectories(upper.resolve("d/" + "long".repeat(60)));
    Files.write(upper.resolve("d/noise"), noise);
    Files.createFile(upper.resolve("d/empty"));
    Files.createLink(upper.resolve("second"), upper.resolve("d/noise"));
    try (Stream<Path> all = Files.walk(upper)) {
      for (Path path : all.toList()) {
        Files.setLastModifiedTime(path, FileTime.fromMillis(0));
      }
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    Digest expected =
        new LayerWriter(Compression.NONE).write(store.snapshots.changes(active), whole).digest();
    Layer layer = store.service.layers().commit(hold, active, parent);
    assertThat(layer.blob().digest()).isEqualTo(expected);
    return layer;
  }

  private boolean isHere(Layer layer) {
    return store.blobs.stat(layer.blob().digest()).isPresent();
  }

  private Image image(List<Layer> layers, String name) {
    ImageConfig config =
        Json.read("{\"architecture\":\"amd64\",\"os\":\"linux\"}", ImageConfig.class, "test");
    return store
        .service
        .images()
        .add(new NewImage(config, layers, Optional.empty(), List.of(Reference.parse(name))));
  }

  private byte[] save(String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    store.service.saver().save(List.of(name), out);
    return out.toByteArray();
  }

  @Test
  void itsArchiveIsMadeWhenItIsWanted() throws IOException {
    Layer layer;
    try (Hold hold = store.service.layers().hold("test")) {
      layer = make(hold, "a", 3_000_000, Optional.empty());
      assertThat(isHere(layer)).isFalse();
      assertThat(store.service.layers().has(layer)).isTrue();
      image(List.of(layer), "made:1");
    }
    store.collect();
    reopen();
    store.collect();
    assertThat(store.unowned()).isEmpty();
    assertThat(store.service.layers().has(layer)).isTrue();

    byte[] archive = save("made:1");

    assertThat(isHere(layer)).isTrue();
    try (Store other = Store.open(folder.resolve("other"), RegistrySettings.DEFAULT)) {
      other
          .service
          .loader()
          .load(new ByteArrayInputStream(archive), Optional.empty(), Progress.NONE);
      assertThat(other.service.images().get("made:1").layers().getFirst().diffId())
          .isEqualTo(layer.diffId());
    }
    store.service.images().remove("made:1", true, false);
    store.collect();
    assertThat(store.blobDigests()).isEmpty();
    assertThat(store.snapshotNames()).isEmpty();
  }

  @Test
  void itIsCompressedWithoutItsArchive() throws IOException {
    try (Hold hold = store.service.layers().hold("test")) {
      Layer layer = make(hold, "a", 3_000_000, Optional.empty());
      Layer packed = store.service.exchange().packed(hold, layer);
      assertThat(isHere(layer)).isFalse();
      try (BlobReader blob = store.service.exchange().open(hold, packed.blob());
          InputStream plain = new GZIPInputStream(blob.stream())) {
        assertThat(Digest.of(plain.readAllBytes())).isEqualTo(layer.diffId());
      }
      Path file = store.folder(layer).resolve("d/noise");
      Files.write(file, new byte[10], StandardOpenOption.WRITE);
      Layer damaged = new Layer(layer.diffId(), layer.chainId(), layer.blob(), layer.size());
      store.blobs.delete(packed.blob().digest());
      assertThatThrownBy(() -> store.service.exchange().packed(hold, damaged))
          .isInstanceOf(Fault.DataLoss.class)
          .hasMessageContaining("build it again");
    }
  }

  @Test
  void aSmallOneIsWrittenAtOnce() throws IOException {
    try (Hold hold = store.service.layers().hold("test")) {
      assertThat(isHere(make(hold, "a", 1000, Optional.empty()))).isTrue();
    }
  }

  @Test
  void theSameFilesUponAnotherLayerAreEnoughForTheArchive() throws IOException {
    Layers layers = store.service.layers();
    Layer alone;
    Layer upon;
    try (Hold hold = layers.hold("test")) {
      alone = make(hold, "a", 2_000_000, Optional.empty());
      Layer base = make(hold, "b", 10, Optional.empty());
      upon = make(hold, "c", 2_000_000, Optional.of(base.chainId()));
      assertThat(upon.diffId()).isEqualTo(alone.diffId());
      image(List.of(alone), "alone:1");
      image(List.of(base, upon), "upon:1");
    }
    store.service.images().remove("upon:1", true, false);
    store.collect();

    assertThat(layers.has(alone)).isTrue();
    try (Hold hold = layers.hold("test");
        BlobReader blob = store.service.exchange().open(hold, alone.blob())) {
      assertThat(Digest.of(blob.stream().readAllBytes())).isEqualTo(alone.diffId());
    }
  }

  @Test
  void itIsPutUponAnotherLayer() throws IOException {
    Layers layers = store.service.layers();
    try (Hold hold = layers.hold("test")) {
      Layer alone = make(hold, "a", 2_000_000, Optional.empty());
      Layer base = make(hold, "b", 10, Optional.empty());
      Layer moved = layers.above(hold, alone, Optional.of(base.chainId()));
      assertThat(Files.getAttribute(store.folder(moved).resolve("d/noise"), "unix:ino"))
          .isEqualTo(Files.getAttribute(store.folder(alone).resolve("d/noise"), "unix:ino"));
      assertThat(Files.getLastModifiedTime(store.folder(moved).resolve("d")))
          .isEqualTo(Files.getLastModifiedTime(store.folder(alone).resolve("d")));
      image(List.of(base, moved), "moved:1");
    }
    store.collect();
    byte[] archive = save("moved:1");
    assertThat(archive.length).isGreaterThan(2_000_000);
    store.service.images().remove("moved:1", true, false);
    store.collect();
    assertThat(store.blobDigests()).isEmpty();
    assertThat(store.snapshotNames()).isEmpty();
  }
}
