package dev.kemas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.archive.Compression;
import dev.kemas.archive.Limits;
import dev.kemas.archive.TarReader;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Reference;
import dev.kemas.snapshot.SnapshotName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SaveAndImportTest {
  @TempDir Path folder;
  private Store store;
  private final byte[] lower = Sample.layer("etc/base", "lower");
  private final byte[] packed = Sample.compress(lower, Compression.GZIP);

  @BeforeEach
  void open() {
    store = Store.open(folder.resolve("store"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private byte[] save(String... names) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    store.service.saver().save(List.of(names), out);
    return out.toByteArray();
  }

  private static Map<String, byte[]> entries(byte[] tar) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (TarReader reader = new TarReader(new ByteArrayInputStream(tar), Limits.none())) {
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        entries.put(next.get().name(), reader.content().readAllBytes());
      }
    }
    return entries;
  }

  @Test
  void whatIsSavedHasTheDigestsItCameWithAndLoadsElsewhere() throws IOException {
    byte[] config = Json.write(Sample.config(lower));
    byte[] archive =
        Sample.tar(Sample.oci("localhost/a:1", config, MediaType.OCI_LAYER_GZIP, packed));
    store.service.loader().load(new ByteArrayInputStream(archive), Optional.empty(), Progress.NONE);
    store.service.images().tag("localhost/a:1", Reference.parse("b:2"));

    byte[] saved = save("localhost/a:1", "b:2");

    Map<String, byte[]> entries = entries(saved);
    assertThat(entries)
        .containsKeys("oci-layout", "index.json", "manifest.json", "repositories")
        .containsKeys(Sample.blob(config), Sample.blob(packed));
    SavedImage[] images = Json.read(entries.get("manifest.json"), SavedImage[].class, "test");
    assertThat(images).hasSize(1);
    assertThat(images[0].repoTags()).containsExactly("b:2", "localhost/a:1");
    Index index = Json.read(entries.get("index.json"), Index.class, "test");
    assertThat(index.manifests()).hasSize(2);
    assertThat(save("localhost/a:1", "b:2")).as("the same bytes again").isEqualTo(saved);

    try (Store other = Store.open(folder.resolve("other"))) {
      other.service.loader().load(new ByteArrayInputStream(saved), Optional.empty(), Progress.NONE);
      assertThat(other.service.images().get("b:2").id()).isEqualTo(Digest.of(config));
      assertThat(other.service.images().get("b:2").manifest())
          .isEqualTo(store.service.images().get("b:2").manifest());
      assertThat(other.blobDigests()).isEqualTo(store.blobDigests());
    }
  }

  @Test
  void anUnknownNameIsRefusedBeforeAnythingIsWritten() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThatThrownBy(() -> store.service.saver().save(List.of("nothing"), out))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessage("No such image: nothing:latest");
    assertThat(out.size()).isZero();
  }

  @Test
  void aFileSystemBecomesAnImageWithTheChangesAskedFor() throws IOException {
    Image image =
        store
            .service
            .importer()
            .importTar(
                new ByteArrayInputStream(packed),
                new ImportRequest(
                    Optional.of(Reference.parse("fs")),
                    List.of(
                        "CMD [\"/bin/x\", \"y\"]",
                        "ENV A=b C=\"d e\"",
                        "EXPOSE 80 53/udp",
                        "WORKDIR /srv",
                        "LABEL k=v",
                        "USER 1000:1000",
                        "VOLUME /data",
                        "STOPSIGNAL SIGINT"),
                    "by hand",
                    Optional.empty()),
                store.progress());

    var defaults = image.config().defaults();
    assertThat(defaults.cmd()).contains(List.of("/bin/x", "y"));
    assertThat(defaults.env()).containsExactly("A=b", "C=d e");
    assertThat(defaults.exposedPorts()).containsOnlyKeys("80/tcp", "53/udp");
    assertThat(defaults.workingDir()).contains("/srv");
    assertThat(defaults.labels()).containsEntry("k", "v");
    assertThat(defaults.user()).contains("1000:1000");
    assertThat(defaults.volumes()).containsOnlyKeys("/data");
    assertThat(defaults.stopSignal()).contains("SIGINT");
    assertThat(image.config().comment()).contains("by hand");
    assertThat(image.layers().getFirst().diffId()).isEqualTo(Digest.of(lower));
    assertThat(store.said).containsExactly(image.id().toString());
    assertThat(store.service.images().get("fs:latest").id()).isEqualTo(image.id());
  }

  @Test
  void aBadChangeOrArchiveLeavesNothing() {
    for (String change : List.of("RUN true", "FROM x", "NONSENSE", "ENV")) {
      assertThatThrownBy(() -> imported(lower, change))
          .as(change)
          .isInstanceOf(Fault.InvalidArgument.class);
    }
    byte[] evil = Sample.layer("../evil", "x");
    assertThatThrownBy(() -> imported(evil, "")).isInstanceOf(Fault.InvalidArgument.class);
    byte[] cut = java.util.Arrays.copyOf(lower, 515);
    assertThatThrownBy(() -> imported(cut, "")).isInstanceOf(Fault.class);
    assertThat(store.blobDigests()).isEmpty();
    assertThat(store.snapshotNames()).isEmpty();
  }

  private Image imported(byte[] tar, String change) throws IOException {
    return store
        .service
        .importer()
        .importTar(
            new ByteArrayInputStream(tar),
            new ImportRequest(Optional.empty(), List.of(change), "", Optional.empty()),
            Progress.NONE);
  }

  @Test
  void theChangesOfAContainerBecomeALayer() throws IOException {
    Layers layers = store.service.layers();
    Image base = imported(lower, "");
    SnapshotName active = new SnapshotName("container-1");
    store.snapshots.prepare(active, base.snapshot());
    Path upper =
        switch (store.snapshots.changes(active)) {
          case dev.kemas.snapshot.Changes.OverlayUpper u -> u.upper();
          case dev.kemas.snapshot.Changes.Trees t -> t.upper();
        };
    Files.writeString(upper.resolve("new"), "content");
    Optional<Digest> parent = Optional.of(base.layers().getLast().chainId());

    try (Hold hold = layers.hold("test")) {
      Layer captured = layers.capture(hold, active, parent);
      assertThat(store.snapshots.stat(active)).isPresent();
      assertThat(store.folder(captured).resolve("new")).hasContent("content");

      Layer committed = layers.commit(hold, active, parent);
      assertThat(committed).isEqualTo(captured);
      assertThat(store.snapshots.stat(active)).isEmpty();
      Image made =
          store
              .service
              .images()
              .add(
                  new NewImage(
                      base.config(),
                      List.of(base.layers().getFirst(), committed),
                      Optional.of(base.id()),
                      List.of(Reference.parse("made:1"))));
      assertThat(made.config().rootfs().diffIds()).hasSize(2);
      assertThat(
              layers.describe(
                  made.config().rootfs().diffIds(),
                  made.layers().stream().map(Layer::blob).toList()))
          .isEqualTo(made.layers());
    }
    store.collect();
    assertThat(layers.ensureUnpacked(store.service.images().get("made:1").layers())).isPresent();
  }
}
