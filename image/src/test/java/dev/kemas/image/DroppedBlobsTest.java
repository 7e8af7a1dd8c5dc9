package dev.kemas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Blobs that were dropped come back as they were, or are kept. */
@Timeout(120)
class DroppedBlobsTest {
  @TempDir Path folder;
  private Store store;
  private RegistryDouble registry;
  private final byte[] plain = tar();
  private final byte[] config = Json.write(Sample.config(plain));

  private static byte[] tar() {
    byte[] content = new byte[700_000];
    new Random(7).nextBytes(content);
    return Sample.tar(Map.of("dir/noise", content));
  }

  @BeforeEach
  void open() throws IOException {
    store = open(folder);
    registry = new RegistryDouble();
  }

  private static Store open(Path folder) {
    return Store.open(folder, new RegistrySettings(List.of(), List.of(), Duration.ofSeconds(1)));
  }

  @AfterEach
  void close() {
    registry.close();
    store.close();
  }

  private byte[] foreign() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  private Image pull(byte[] layer, String type) {
    byte[] manifest =
        Json.write(
            Manifest.oci(
                Descriptor.of(MediaType.OCI_CONFIG, Digest.of(config), config.length),
                List.of(Descriptor.of(type, Digest.of(layer), layer.length))));
    registry.put("1", manifest, config, layer);
    return store
        .service
        .puller()
        .pull(
            Reference.parse(registry.host() + "/x:1"),
            Optional.empty(),
            RegistryLogin.ANONYMOUS,
            store.progress());
  }

  private void load(byte[] layer, String type) throws IOException {
    byte[] archive = Sample.tar(Sample.oci("x:1", config, type, layer));
    store.service.loader().load(new ByteArrayInputStream(archive), Optional.empty(), Progress.NONE);
  }

  private byte[] save() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    store.service.saver().save(List.of(Digest.of(config).toString()), out);
    return out.toByteArray();
  }

  private boolean isHere(byte[] blob) {
    return store.blobs.stat(Digest.of(blob)).isPresent();
  }

  /** What comes out is what came in, also after a restart; then it goes again. */
  private void requireSameBytes(byte[] blob, byte[] saved) throws IOException {
    assertThat(isHere(blob)).isFalse();
    store.collect();
    assertThat(store.unowned()).isEmpty();
    store.close();
    store = open(folder);
    assertThat(save()).isEqualTo(saved);
    assertThat(isHere(blob)).isTrue();
    assertThat(store.service.dropper().dropAll()).isEqualTo(blob.length);
    assertThat(isHere(blob)).isFalse();
    Image image = store.service.images().find(Digest.of(config)).orElseThrow();
    assertThat(store.service.layers().has(image.layers().getFirst())).isTrue();
    store.service.images().remove(image.id().toString(), true, false);
    store.collect();
    store.service.dropper().dropAll();
    assertThat(store.blobDigests()).isEmpty();
    assertThat(store.snapshotNames()).isEmpty();
    assertThat(store.records.records("dropped-blobs", DroppedBlob.class).all()).isEmpty();
  }

  @Test
  void aPlainLayerIsMadeAgainOfItsFiles() throws IOException {
    load(plain, MediaType.OCI_LAYER);
    byte[] saved = save();
    assertThat(store.service.dropper().dropAll()).isEqualTo(plain.length);
    assertThat(store.service.dropper().dropAll()).isZero();
    requireSameBytes(plain, saved);
  }

  @Test
  void whatOurOwnCompressorMadeIsMadeAgain() throws IOException {
    for (Compression compression : List.of(Compression.GZIP, Compression.ZSTD)) {
      byte[] packed = Sample.compress(plain, compression);
      String type =
          compression == Compression.GZIP ? MediaType.OCI_LAYER_GZIP : MediaType.OCI_LAYER_ZSTD;
      load(packed, type);
      // no registry ever had it, and the compressor may be another one tomorrow
      assertThat(store.service.dropper().dropAll()).isZero();
      pull(packed, type);
      registry.blobs.remove(Digest.of(packed));
      byte[] saved = save();
      assertThat(store.service.dropper().dropAll()).isEqualTo(packed.length);
      requireSameBytes(packed, saved);
    }
  }

  @Test
  void whatAnotherProgramMadeIsKeptUnlessItsRegistryHasIt() throws IOException {
    byte[] packed = foreign();
    load(packed, MediaType.OCI_LAYER_GZIP);
    assertThat(store.service.dropper().dropAll()).isZero();
    assertThat(isHere(packed)).isTrue();
    store.service.images().remove(Digest.of(config).toString(), true, false);

    pull(packed, MediaType.OCI_LAYER_GZIP);
    byte[] saved = save();
    assertThat(store.service.dropper().dropAll()).isEqualTo(packed.length);
    assertThat(store.service.images().get(registry.host() + "/x:1").layers())
        .allMatch(store.service.layers()::has);
    store.said.clear();
    pull(packed, MediaType.OCI_LAYER_GZIP);
    assertThat(store.said).contains(Digest.of(packed).shortHex() + ": Already exists");
    assertThat(isHere(packed)).isFalse();
    requireSameBytes(packed, saved);
  }

  @Test
  void whatTheRegistryLostIsNotDropped() throws IOException {
    byte[] packed = foreign();
    pull(packed, MediaType.OCI_LAYER_GZIP);
    registry.blobs.remove(Digest.of(packed));
    assertThat(store.service.dropper().dropAll()).isZero();
    assertThat(isHere(packed)).isTrue();
  }

  @Test
  void whatCannotComeBackIsToldWithWhatHelps() throws IOException {
    byte[] packed = foreign();
    pull(packed, MediaType.OCI_LAYER_GZIP);
    assertThat(store.service.dropper().dropAll()).isEqualTo(packed.length);
    registry.blobs.remove(Digest.of(packed));
    assertThatThrownBy(this::save)
        .isInstanceOf(Fault.DataLoss.class)
        .hasMessageContaining(Digest.of(packed).toString())
        .hasMessageContaining("remove the image and get it again with content.keep-compressed=true")
        .hasMessageContaining(registry.host() + "/x");
  }

  @Test
  void aFileChangedBehindItsBackIsFoundNotServed() throws IOException {
    load(plain, MediaType.OCI_LAYER);
    store.service.dropper().dropAll();
    Image image = store.service.images().get("x:1");
    Path file = store.folder(image.layers().getFirst()).resolve("dir/noise");
    byte[] changed = Files.readAllBytes(file);
    changed[9] ^= 1;
    Files.write(file, changed);
    assertThatThrownBy(this::save).isInstanceOf(Fault.DataLoss.class);
    assertThat(isHere(plain)).isFalse();
  }

  @Test
  void whatSomebodyWorksWithStays() throws IOException {
    load(plain, MediaType.OCI_LAYER);
    try (Hold hold = store.service.layers().hold("a test")) {
      hold.keepBlob(Digest.of(plain));
      assertThat(store.service.dropper().dropAll()).isZero();
    }
    assertThat(store.service.dropper().dropAll()).isEqualTo(plain.length);
  }
}
