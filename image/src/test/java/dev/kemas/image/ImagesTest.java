package dev.kemas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Reference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesTest {
  @TempDir Path folder;
  private Store store;
  private Images images;

  @BeforeEach
  void open() {
    store = Store.open(folder);
    images = store.service.images();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Image add(String content, Optional<Digest> parent, String... tags) {
    byte[] tar = Sample.layer("file", content);
    ImageConfig config = Sample.config(tar);
    try (Hold hold = store.service.layers().hold("test")) {
      Layer layer =
          store.service.layers().add(hold, new ByteArrayInputStream(tar), Optional.empty());
      List<Reference> names = java.util.Arrays.stream(tags).map(Reference::parse).toList();
      return images.add(new NewImage(config, List.of(layer), parent, names));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Image add(String content, String... tags) {
    return add(content, Optional.empty(), tags);
  }

  @Test
  void anImageIsFoundByNameIdAndBeginningOfItsId() {
    Image image = add("a", "app:1", "docker.io/library/app:2");

    String hex = image.id().hex();
    for (String name : List.of("app:1", "docker.io/library/app:2", hex, "sha256:" + hex)) {
      assertThat(images.get(name).id()).as(name).isEqualTo(image.id());
    }
    assertThat(images.get(hex.substring(0, 12)).id()).isEqualTo(image.id());
    assertThat(images.get("sha256:" + hex.substring(0, 5)).id()).isEqualTo(image.id());
  }

  @Test
  void whatIsNotThereIsSaidInDockersWords() {
    assertThatThrownBy(() -> images.get("nothing"))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessage("No such image: nothing:latest");
    assertThatThrownBy(() -> images.get("x/y:1")).hasMessage("No such image: x/y:1");
    assertThatThrownBy(() -> images.get("UPPER"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("invalid reference format");
  }

  @Test
  void aNameMovesToTheImageThatGotItLast() {
    Image one = add("a", "app:1");
    Image two = add("b", "app:1");

    assertThat(images.get("app:1").id()).isEqualTo(two.id());
    assertThat(images.find(one.id()).orElseThrow().dangling()).isTrue();
    images.tag(one.id().hex(), Reference.parse("app"));
    assertThat(images.get("app:latest").id()).isEqualTo(one.id());
    assertThat(store.events)
        .filteredOn(e -> e.action() == ImageEvent.Action.TAG)
        .extracting(e -> e.attributes().get("name"))
        .containsExactly("app:1", "app:1", "app:latest");
  }

  @Test
  void removingOneOfTwoNamesKeepsTheImage() {
    Image image = add("a", "app:1", "app:2");

    assertThat(images.remove("app:1", false, false)).containsExactly(new Removed.Untagged("app:1"));
    assertThat(images.remove("app:2", false, false))
        .containsExactly(new Removed.Untagged("app:2"), new Removed.Deleted(image.id()));
    assertThat(store.blobDigests()).as("blobs are gone with it").isEmpty();
    assertThat(store.snapshotNames()).isEmpty();
  }

  @Test
  void namesInTwoRepositoriesAreOnlyRemovedByForceWhenAskedById() {
    Image image = add("a", "app:1", "other:1");

    String id = image.id().shortHex();
    assertThatThrownBy(() -> images.remove(id, false, false))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessage(
            "conflict: unable to delete "
                + id
                + " (must be forced) - image is referenced in multiple repositories");
    assertThat(images.remove(id, true, false))
        .containsExactly(
            new Removed.Untagged("app:1"),
            new Removed.Untagged("other:1"),
            new Removed.Deleted(image.id()));
  }

  @Test
  void anImageInUseIsRefusedInDockersWords() {
    Image image = add("a", "app:1");
    String container = "0123456789abcdef0123456789abcdef";
    store.use = id -> List.of(new ImageUse.User(container, false));

    assertThatThrownBy(() -> images.remove("app:1", false, false))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessage(
            "conflict: unable to remove repository reference \"app:1\" (must force) - container"
                + " 0123456789ab is using its referenced image "
                + image.id().shortHex());
    String id = image.id().shortHex();
    assertThatThrownBy(() -> images.remove(id, false, false))
        .hasMessage(
            "conflict: unable to delete "
                + id
                + " (must be forced) - image is being used by stopped container 0123456789ab");
    store.use = any -> List.of(new ImageUse.User(container, true));
    assertThatThrownBy(() -> images.remove(id, true, false))
        .hasMessage(
            "conflict: unable to delete "
                + id
                + " (cannot be forced) - image is being used by running container 0123456789ab");
    assertThat(images.prune(ImageFilter.ALL.withDangling(Optional.of(false))).removed()).isEmpty();
  }

  @Test
  void aParentStaysUntilItsChildrenGo() {
    Image parent = add("a", "base:1");
    Image child = add("b", Optional.of(parent.id()), "app:1");

    String id = parent.id().shortHex();
    assertThatThrownBy(() -> images.remove(id, true, false))
        .hasMessageContaining("(cannot be forced) - image has dependent child images");
    assertThat(images.remove("base:1", false, false))
        .containsExactly(new Removed.Untagged("base:1"));
    assertThat(images.list(ImageFilter.ALL, false))
        .extracting(Image::id)
        .containsExactly(child.id());
    assertThat(images.list(ImageFilter.ALL, true)).hasSize(2);
    assertThat(images.remove("app:1", false, false))
        .containsExactly(
            new Removed.Untagged("app:1"),
            new Removed.Deleted(child.id()),
            new Removed.Deleted(parent.id()));
  }

  @Test
  void pruneTakesDanglingImagesAndTellsWhatItFreed() {
    add("a", "app:1");
    Image dangling = add("b");

    PruneReport report = images.prune(ImageFilter.ALL);

    assertThat(report.removed()).containsExactly(new Removed.Deleted(dangling.id()));
    assertThat(report.bytes()).isPositive();
    assertThat(images.list(ImageFilter.ALL, true)).hasSize(1);
  }

  @Test
  void listsAreFilteredAsDockerDoes() {
    add("a", "app:1");
    add("b");

    assertThat(list(Map.of("reference", List.of("app*")))).containsExactly("app:1");
    assertThat(list(Map.of("reference", List.of("app:1")))).containsExactly("app:1");
    assertThat(list(Map.of("reference", List.of("other")))).isEmpty();
    assertThat(list(Map.of("dangling", List.of("true")))).containsExactly("");
    assertThat(list(Map.of("dangling", List.of("false")))).containsExactly("app:1");
    assertThat(list(Map.of("label", List.of("x")))).isEmpty();
    assertThat(list(Map.of("until", List.of("24h")))).hasSize(2);
    assertThatThrownBy(() -> list(Map.of("nonsense", List.of("x"))))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessage("invalid filter 'nonsense'");
    assertThatThrownBy(() -> list(Map.of("until", List.of("soon"))))
        .isInstanceOf(Fault.InvalidArgument.class);
  }

  private List<String> list(Map<String, List<String>> filters) {
    return images.list(ImageFilter.of(filters, Instant.now()), true).stream()
        .map(i -> i.tags().isEmpty() ? "" : i.tags().getFirst().familiar())
        .toList();
  }

  @Test
  void historyHasTheSizesOfTheLayers() {
    Image image = add("four", "app:1");

    List<HistoryEntry> history = images.history("app:1");

    assertThat(history).hasSize(1);
    assertThat(history.getFirst().image()).contains(image.id());
    assertThat(history.getFirst().size()).isEqualTo(4);
    assertThat(history.getFirst().tags()).containsExactly("app:1");
  }

  @Test
  void whatIsHeldSurvivesTheGarbageCollectionAndNothingElse() throws IOException {
    Hold hold = store.service.layers().hold("test");
    Layer layer =
        store
            .service
            .layers()
            .add(hold, new ByteArrayInputStream(Sample.layer("f", "x")), Optional.empty());
    store.collect();
    assertThat(store.service.layers().has(layer)).isTrue();

    hold.close();
    store.collect();
    assertThat(store.service.layers().has(layer)).isFalse();
  }
}
