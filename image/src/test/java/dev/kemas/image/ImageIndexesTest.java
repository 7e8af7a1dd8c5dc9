package dev.kemas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.registry.client.RegistrySettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageIndexesTest {
  private static final String PREDICATE = "https://example.org/what";

  @TempDir Path folder;
  private Store store;
  private RegistryDouble registry;

  @BeforeEach
  void open() throws IOException {
    store =
        Store.open(
            folder.resolve("a"), new RegistrySettings(List.of(), List.of(), Duration.ofSeconds(5)));
    registry = new RegistryDouble();
  }

  @AfterEach
  void close() {
    registry.close();
    store.close();
  }

  private static Attestation.Source said(String what) {
    return manifest ->
        List.of(
            new Attestation(
                PREDICATE,
                ("{\"subject\":[{\"name\":\"_\",\"digest\":{\"sha256\":\""
                        + manifest.hex()
                        + "\"}}],\"predicate\":\""
                        + what
                        + "\"}")
                    .getBytes(StandardCharsets.UTF_8)));
  }

  private PlatformImage made(Hold hold, String architecture, String content) {
    byte[] tar = Sample.layer("file", content);
    ImageConfig plain = Sample.config(tar);
    ImageConfig config =
        new ImageConfig(
            plain.created(),
            plain.author(),
            architecture,
            plain.os(),
            plain.variant(),
            plain.osVersion(),
            plain.config(),
            plain.rootfs(),
            plain.history(),
            plain.comment());
    try {
      Layer layer =
          store.service.layers().add(hold, new ByteArrayInputStream(tar), Optional.empty());
      return new PlatformImage(
          new PlatformImage.Made(new NewImage(config, List.of(layer), Optional.empty(), List.of())),
          said(architecture));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Image add(String name, String... architectures) {
    try (Hold hold = store.service.layers().hold("test")) {
      List<PlatformImage> parts =
          java.util.Arrays.stream(architectures)
              .map(a -> made(hold, a, name.replaceAll(".*/", "") + a))
              .toList();
      return store
          .service
          .indexes()
          .add(ImageList.of(parts), ImageIndexes.Names.of(List.of(Reference.parse(name))))
          .main();
    }
  }

  private ImageIndex index(String name) {
    return store.service.indexes().find(Reference.parse(name)).orElseThrow();
  }

  private static Index document(Store store, ImageIndex index) {
    byte[] bytes = store.blobs.read(index.descriptor().digest(), 1 << 20);
    assertThat(Digest.of(bytes)).isEqualTo(index.descriptor().digest());
    return Json.read(bytes, Index.class, "index");
  }

  @Test
  void aNameStandsForAllPlatformsAndWhatIsSaidOfThem() {
    Image image = add("x:1", "arm64", "amd64");

    assertThat(image.config().architecture()).isEqualTo(Platform.host().architecture());
    assertThat(store.service.images().get("x:1").id()).isEqualTo(image.id());
    Index index = document(store, index("x:1"));
    assertThat(index.manifests())
        .extracting(d -> d.platform().orElseThrow().toString())
        .containsExactly("linux/arm64", "linux/amd64", "unknown/unknown", "unknown/unknown");
    assertThat(index.manifests().get(2).annotations())
        .containsEntry("vnd.docker.reference.type", "attestation-manifest")
        .containsEntry("vnd.docker.reference.digest", index.manifests().get(0).digest().toString());
    JsonNode attestation =
        Json.read(
            store.blobs.read(index.manifests().get(2).digest(), 1 << 20), JsonNode.class, "m");
    assertThat(attestation.at("/layers/0/mediaType").textValue())
        .isEqualTo("application/vnd.in-toto+json");
    assertThat(attestation.at("/layers/0/annotations/in-toto.io~1predicate-type").textValue())
        .isEqualTo(PREDICATE);
    assertThat(store.service.images().list(ImageFilter.ALL, false)).hasSize(1);
    assertThat(store.service.images().list(ImageFilter.ALL, true)).hasSize(2);
  }

  @Test
  void theListIsKeptFromCollectionAndPruneAndSurvivesTheProcess() {
    add("x:1", "amd64", "arm64");
    store.collect();
    PruneReport pruned =
        store.service.images().prune(ImageFilter.ALL.withDangling(Optional.of(true)));

    assertThat(pruned.removed()).isEmpty();
    assertThat(store.unowned()).isEmpty();
    ImageIndex before = index("x:1");
    store.close();
    store = Store.open(folder.resolve("a"));
    store.collect();
    assertThat(index("x:1")).isEqualTo(before);
    before
        .attestations()
        .forEach(a -> a.blobs().forEach(b -> assertThat(store.blobs.stat(b.digest())).isPresent()));
  }

  @Test
  void removingTheNameRemovesAllOfIt() {
    add("x:1", "amd64", "arm64");

    List<Removed> removed = store.service.images().remove("x:1", false, false);

    assertThat(removed).filteredOn(Removed.Deleted.class::isInstance).hasSize(2);
    assertThat(store.service.images().list(ImageFilter.ALL, true)).isEmpty();
    assertThat(store.blobDigests()).isEmpty();
  }

  @Test
  void asLongAsAnotherNameStandsForTheListNothingGoes() {
    add("x:1", "amd64", "arm64");
    Image other = store.service.images().tag("x:1", Reference.parse("y:2"));

    store.service.images().remove("x:1", false, false);

    assertThat(store.service.images().list(ImageFilter.ALL, true)).hasSize(2);
    assertThat(index("y:2").images()).hasSize(2);
    Digest member =
        index("y:2").images().stream()
            .map(ImageIndex.Part::image)
            .filter(id -> !id.equals(other.id()))
            .findFirst()
            .orElseThrow();
    assertThatThrownBy(() -> store.service.images().remove(member.toString(), true, false))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("image is part of docker.io/library/y:2, remove that");
    store.service.images().tag(other.id().toString(), Reference.parse("y:2"));
    assertThat(store.service.indexes().find(Reference.parse("y:2")))
        .as("an id means one image")
        .isEmpty();
  }

  @Test
  void aNameThatIsGivenAwayStandsForTheNewImageAlone() {
    add("x:1", "amd64");
    try (Hold hold = store.service.layers().hold("test")) {
      NewImage other = ((PlatformImage.Made) made(hold, "amd64", "other").content()).image();
      store
          .service
          .images()
          .add(
              new NewImage(
                  other.config(),
                  other.layers(),
                  Optional.empty(),
                  List.of(Reference.parse("x:1"))));
    }

    assertThat(store.service.indexes().find(Reference.parse("x:1"))).isEmpty();
    store.service.images().prune(ImageFilter.ALL);
    assertThat(store.unowned()).isEmpty();
  }

  @Test
  void aPushSendsTheListWithAllThatItNamesAndKeepsItTrue() {
    String name = registry.host() + "/team/x:1";
    add(name, "amd64", "arm64");
    Digest before = index(name).descriptor().digest();

    push(name, Optional.empty());

    ImageIndex after = index(name);
    assertThat(after.descriptor().digest())
        .as("its layers were packed for the push")
        .isNotEqualTo(before);
    assertThat(Digest.of(registry.manifests.get("1"))).isEqualTo(after.descriptor().digest());
    assertThat(registry.types.get(after.descriptor().digest().toString()))
        .isEqualTo(MediaType.OCI_INDEX);
    Index sent = Json.read(registry.manifests.get("1"), Index.class, "index");
    for (ImageIndex.Attested attested : after.attestations()) {
      JsonNode statement =
          Json.read(
              registry.blobs.get(attested.blobs().get(1).digest()), JsonNode.class, "statement");
      assertThat(statement.at("/subject/0/digest/sha256").textValue())
          .isEqualTo(attested.subject().hex());
      assertThat(registry.manifests).containsKey(attested.subject().toString());
      assertThat(sent.manifests()).contains(attested.manifest());
    }
    assertThat(store.service.images().get(name).digests())
        .containsExactly(Reference.parse(name).withDigest(after.descriptor().digest()));
    store.collect();
    assertThat(store.unowned()).isEmpty();

    store.said.clear();
    push(name, Optional.empty());
    assertThat(index(name)).as("a second push changes nothing").isEqualTo(after);
  }

  @Test
  void aPushForAPlatformSendsItsImageAlone() {
    String name = registry.host() + "/team/x:1";
    add(name, "amd64", "arm64");

    push(name, Optional.of(Platform.parse("linux/arm64")));

    JsonNode sent = Json.read(registry.manifests.get("1"), JsonNode.class, "manifest");
    byte[] config = registry.blobs.get(Digest.parse(sent.at("/config/digest").textValue()));
    assertThat(Json.read(config, ImageConfig.class, "config").architecture()).isEqualTo("arm64");
    assertThatThrownBy(() -> push(name, Optional.of(Platform.parse("linux/riscv64"))))
        .isInstanceOf(Fault.NotFound.class);
  }

  private void push(String name, Optional<Platform> platform) {
    store
        .service
        .pusher()
        .push(Reference.parse(name), platform, RegistryLogin.ANONYMOUS, store.progress());
  }

  private byte[] saved(String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    store.service.saver().save(List.of(name), out);
    return out.toByteArray();
  }

  @Test
  void anArchiveHasTheListAndOneOfOneImageIsLoadedAsItWas() throws Exception {
    add("x:1", "amd64");
    ImageIndex saved = index("x:1");
    byte[] archive = saved("x:1");

    try (Store other = Store.open(folder.resolve("b"))) {
      load(other, archive);

      ImageIndex loaded = other.service.indexes().find(Reference.parse("x:1")).orElseThrow();
      assertThat(loaded.descriptor().digest()).isEqualTo(saved.descriptor().digest());
      assertThat(loaded.attestations()).isEqualTo(saved.attestations());
      assertThat(loaded.ours()).isFalse();
      other.collect();
      assertThat(other.unowned()).isEmpty();
      other.service.images().tag("x:1", Reference.parse(registry.host() + "/team/y:1"));
      other
          .service
          .pusher()
          .push(
              Reference.parse(registry.host() + "/team/y:1"),
              Optional.empty(),
              RegistryLogin.ANONYMOUS,
              other.progress());
      assertThat(Digest.of(registry.manifests.get("1")))
          .as("what others said is passed on to the byte")
          .isEqualTo(saved.descriptor().digest());
    }
  }

  @Test
  void ofAnArchiveForSeveralPlatformsOneImageIsLoaded() throws Exception {
    add("x:1", "arm64", "amd64");
    byte[] archive = saved("x:1");

    try (Store other = Store.open(folder.resolve("b"))) {
      load(other, archive);

      assertThat(other.service.images().list(ImageFilter.ALL, true)).hasSize(1);
      assertThat(other.service.indexes().find(Reference.parse("x:1"))).isEmpty();
      other.collect();
      assertThat(other.unowned()).isEmpty();
    }
  }

  private static void load(Store into, byte[] archive) throws IOException {
    into.service
        .loader()
        .load(new ByteArrayInputStream(archive), Optional.empty(), into.progress());
  }

  @Test
  void anImageThatIsHereGetsAListWithoutBeingMadeAnew() {
    Image image = add("x:1", "amd64");

    store
        .service
        .indexes()
        .add(
            ImageList.of(
                List.of(new PlatformImage(new PlatformImage.Here(image.id()), said("again")))),
            ImageIndexes.Names.of(List.of(Reference.parse("y"))));

    assertThat(index("y").images()).isEqualTo(index("x:1").images());
    assertThat(index("y").descriptor()).isNotEqualTo(index("x:1").descriptor());
    assertThat(Map.of("tags", store.service.images().get("y").tags().size()))
        .containsEntry("tags", 2);
  }

  @Test
  void whatIsNotedAtAnImageAndItsListOutlivesAPack() {
    PlatformImage plain;
    try (Hold hold = store.service.layers().hold("test")) {
      plain = made(hold, "amd64", "noted");
      Layer layer = ((PlatformImage.Made) plain.content()).image().layers().getFirst();
      Layer packed =
          store
              .service
              .exchange()
              .packed(
                  hold,
                  layer,
                  new Packing(
                      dev.kemas.archive.Compression.ZSTD, java.util.OptionalInt.of(1), false));
      ImageForm form =
          new ImageForm(
              Optional.of(List.of(packed)),
              false,
              new java.util.TreeMap<>(Map.of("of", "manifest")),
              new java.util.TreeMap<>(Map.of("of", "entry")));
      store
          .service
          .indexes()
          .add(
              new ImageList(
                  List.of(new PlatformImage(plain.content(), plain.attestations(), form)),
                  false,
                  new java.util.TreeMap<>(Map.of("of", "list")),
                  new java.util.TreeMap<>()),
              new ImageIndexes.Names(
                  List.of(Reference.parse("noted:1")), List.of(Reference.parse("by/digest"))));
    }
    ImageIndex index = index("noted:1");
    assertThat(document(store, index).annotations()).containsEntry("of", "list");
    assertThat(index.images().getFirst().manifest().annotations()).containsEntry("of", "entry");
    dev.kemas.oci.Manifest manifest =
        Json.read(
            store.blobs.read(index.images().getFirst().manifest().digest(), 1 << 20),
            dev.kemas.oci.Manifest.class,
            "manifest");
    assertThat(manifest.annotations()).containsEntry("of", "manifest");
    assertThat(manifest.layers().getFirst().mediaType()).endsWith("+zstd");
    assertThat(index("by/digest@" + index.descriptor().digest()).descriptor())
        .isEqualTo(index.descriptor());
    Image usual = store.service.images().add(((PlatformImage.Made) plain.content()).image());
    assertThat(usual.manifest().digest())
        .as("made again as usual it is as usual")
        .isNotEqualTo(index.images().getFirst().manifest().digest());
    assertThat(store.service.images().isFormed(usual.id())).isFalse();
  }
}
