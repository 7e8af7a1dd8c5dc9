package dev.kemas.image;

import dev.kemas.content.BlobReader;
import dev.kemas.content.BlobStore;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.Access;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.registry.client.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Brings images to registries. What a registry has is not sent; what is plain here is compressed
 * first, once, and kept so, that the next push gives the same digests. Thread-safe.
 */
public final class ImagePusher {
  private final RegistryClient registries;
  private final Layers layers;
  private final LayerBlobs layerBlobs;
  private final Images images;
  private final ImageIndexes indexes;
  private final Catalog catalog;
  private final BlobStore blobs;
  private final Consumer<ImageEvent> events;
  private final Runnable tidy;
  private final LayerPacker packer;
  private final Turns turns;
  private final SingleFlight<String, Optional<String>> sending = new SingleFlight<>();

  ImagePusher(
      RegistryClient registries,
      Layers layers,
      LayerBlobs layerBlobs,
      Images images,
      ImageIndexes indexes,
      Catalog catalog,
      BlobStore blobs,
      Consumer<ImageEvent> events,
      Runnable tidy) {
    this.tidy = tidy;
    this.registries = registries;
    this.layers = layers;
    this.layerBlobs = layerBlobs;
    this.images = images;
    this.indexes = indexes;
    this.catalog = catalog;
    this.blobs = blobs;
    this.events = events;
    this.turns = new Turns(() -> registries.settings().atOnce().uploads());
    this.packer = new LayerPacker(blobs, layerBlobs, catalog);
  }

  /** What one push shares between its layers. */
  private record Push(
      Reference name, Repository repository, Hold hold, Meter meter, LayerBlobs.Asking asking) {}

  /**
   * Pushes the image of a tag, or the images of all tags of a repository.
   *
   * @param name with a tag, or without one for all
   * @param platform what the image must be for; empty for whatever it is
   * @param progress gets Docker's messages
   * @throws Fault.NotFound when there is no such tag here
   * @throws Fault.InvalidArgument for a name with a digest
   * @throws Fault.Unauthenticated when the registry wants to know who calls
   * @throws Fault.Forbidden when it does not allow it
   * @throws Fault.Unavailable when it cannot be reached
   */
  public void push(
      Reference name, Optional<Platform> platform, RegistryLogin login, Progress progress) {
    if (name.digest().isPresent()) {
      throw new Fault.InvalidArgument("cannot push a digest reference");
    }
    Meter meter = new Meter(progress);
    meter.say("The push refers to repository [" + name.name() + "]");
    SortedMap<String, StoredImage> tagged = catalog.tagged(name);
    if (tagged.isEmpty()) {
      throw new Fault.NotFound(
          "image",
          name.toString(),
          "An image does not exist locally with the tag: " + name.familiarName());
    }
    if (name.tag().isPresent() && !tagged.containsKey(name.tag().get())) {
      throw new Fault.NotFound("image", name.toString(), "tag does not exist: " + name.familiar());
    }
    Repository repository = registries.repository(name, login, Access.PUSH);
    LayerBlobs.Asking asking = new LayerBlobs.Asking(Optional.of(name.domain()), login);
    for (Map.Entry<String, StoredImage> one : tagged.entrySet()) {
      if (name.tag().map(one.getKey()::equals).orElse(true)) {
        Reference tag = name.withTag(one.getKey());
        try (Hold hold = layers.hold("push of " + tag.familiar())) {
          Push push = new Push(tag, repository, hold, meter, asking);
          Optional<ImageIndex> index = indexes.hold(tag, hold.lease());
          if (platform.isPresent()) {
            // asked for one, one is what the registry gets
            push(push, choose(one.getValue(), index, tag, platform.get()));
          } else if (index.isPresent()) {
            push(push, index.get());
          } else {
            push(push, one.getValue());
          }
        } catch (IOException e) {
          throw new Fault.Unavailable(
              "the push of " + tag.familiar() + " breaks off: " + e.getMessage(), e);
        } finally {
          // compressed blobs are kept instead of plain ones from now on
          if (!one.getValue().layers().equals(layersNow(one.getValue()))) {
            tidy.run();
          }
        }
      }
    }
  }

  /**
   * Pushes what a name with a digest stands for, giving the repository no tag.
   *
   * @param progress gets Docker's messages
   * @throws Fault as {@link #push}
   */
  public void pushDigest(Reference name, RegistryLogin login, Progress progress) {
    Meter meter = new Meter(progress);
    meter.say("The push refers to repository [" + name.name() + "]");
    StoredImage image = stored(images.get(name.toString()).id());
    Repository repository = registries.repository(name, login, Access.PUSH);
    try (Hold hold = layers.hold("push of " + name)) {
      Push push =
          new Push(
              name,
              repository,
              hold,
              meter,
              new LayerBlobs.Asking(Optional.of(name.domain()), login));
      Optional<ImageIndex> index = indexes.hold(name, hold.lease());
      if (index.isPresent()) {
        push(push, index.get());
      } else {
        push(push, image);
      }
    } catch (IOException e) {
      throw new Fault.Unavailable("the push of " + name + " breaks off: " + e.getMessage(), e);
    }
  }

  private List<Layer> layersNow(StoredImage stored) {
    return catalog.stored(stored.id()).map(StoredImage::layers).orElse(List.of());
  }

  private StoredImage choose(
      StoredImage stored, Optional<ImageIndex> index, Reference tag, Platform wanted) {
    Optional<StoredImage> part =
        index.stream()
            .flatMap(i -> i.images().stream())
            .filter(p -> p.manifest().platform().map(wanted::accepts).orElse(false))
            .flatMap(p -> catalog.stored(p.image()).stream())
            .findFirst();
    if (part.isEmpty()) {
      requirePlatform(stored, tag, wanted);
    }
    return part.orElse(stored);
  }

  private void requirePlatform(StoredImage stored, Reference tag, Platform wanted) {
    Platform has = catalog.view(stored).config().platform();
    if (!wanted.accepts(has)) {
      throw new Fault.NotFound(
          "image",
          tag.toString(),
          "image with reference "
              + tag.familiar()
              + " was found but does not provide the specified platform ("
              + wanted
              + "): it is for "
              + has);
    }
  }

  private void push(Push push, StoredImage stored) throws IOException {
    StoredImage pushed = send(push, stored, true);
    byte[] manifest = blobs.read(pushed.manifest().digest(), Catalog.MAX_DOCUMENT);
    finish(push, pushed, pushed.manifest(), manifest);
  }

  /** All images of a list, what is said of them, and the list last: it may name what is there. */
  private void push(Push push, ImageIndex index) throws IOException {
    for (ImageIndex.Part part : index.images()) {
      StoredImage sent = send(push, stored(part.image()), index.ours());
      byte[] manifest = blobs.read(sent.manifest().digest(), Catalog.MAX_DOCUMENT);
      push.repository()
          .put(push.name().withDigest(sent.manifest().digest()), sent.manifest(), manifest);
    }
    // what was packed for this has other digests now
    ImageIndex now =
        indexes
            .hold(push.name(), push.hold().lease())
            .orElseThrow(() ->
                new Fault.Conflict(
                    push.name().familiar() + " was given to another image while it was pushed"));
    for (ImageIndex.Attested attested : now.attestations()) {
      for (Descriptor blob : attested.blobs()) {
        sendBlob(push, blob, total -> {});
      }
      byte[] manifest = blobs.read(attested.manifest().digest(), Catalog.MAX_DOCUMENT);
      push.repository()
          .put(push.name().withDigest(attested.manifest().digest()), attested.manifest(), manifest);
    }
    StoredImage main = catalog.find(push.name()).map(i -> stored(i.id())).orElseThrow();
    byte[] document = blobs.read(now.descriptor().digest(), Catalog.MAX_DOCUMENT);
    finish(push, main, now.descriptor(), document);
  }

  private StoredImage stored(Digest id) {
    return catalog
        .stored(id)
        .orElseThrow(() -> new Fault.NotFound("image", id.toString(), "No such image: " + id));
  }

  private void finish(Push push, StoredImage pushed, Descriptor named, byte[] document) {
    Digest digest = push.repository().put(push.name(), named, document);
    Reference known = push.name().withDigest(digest);
    // a name that stands for the list is to do so still
    if (catalog.find(known).filter(image -> image.id().equals(pushed.id())).isEmpty()) {
      catalog.record(Map.of(pushed, List.of(known)));
    }
    String tag = push.name().tag().orElse("latest");
    push.meter().say(tag + ": digest: " + digest + " size: " + document.length);
    push.meter().tell(new Progress.Pushed(tag, digest, document.length));
    events.accept(
        new ImageEvent(
            ImageEvent.Action.PUSH,
            push.name().familiar(),
            Removal.event(ImageEvent.Action.PUSH, catalog.view(pushed), push.name().familiarName())
                .attributes()));
  }

  /**
   * Sends an image's layers and configuration.
   *
   * @param mayPack whether plain layers may be packed first, which gives it another manifest
   * @return the image as it is kept from now on
   */
  private StoredImage send(Push push, StoredImage stored, boolean mayPack) throws IOException {
    catalog.resources(stored, push.hold().lease()::add);
    List<Layer> own = stored.layers();
    for (Layer layer : own.reversed()) {
      push.meter().expect(id(layer), "Preparing", layer.blob().size());
    }
    List<Background<Layer>> packing = new ArrayList<>();
    List<Background<Boolean>> sent = new ArrayList<>();
    StoredImage pushed;
    try {
      for (Layer layer : own) {
        packing.add(start("pack ", layer, () -> packed(push, stored, layer, mayPack)));
        Background<Layer> packed = packing.getLast();
        sent.add(start("push ", layer, () -> sendLayer(push, packed.get())));
      }
      List<Layer> ready = new ArrayList<>();
      for (Background<Layer> one : packing) {
        ready.add(one.get());
      }
      pushed = remember(push, stored, ready);
      for (Background<Boolean> one : sent) {
        one.get();
      }
    } finally {
      packing.forEach(Background::awaitEnd);
      sent.forEach(Background::awaitEnd);
    }
    sendBlob(push, pushed.config(), total -> {});
    return pushed;
  }

  private static <T> Background<T> start(
      String what, Layer layer, java.util.concurrent.Callable<T> work) {
    return Background.start(what + id(layer), work);
  }

  private static String id(Layer layer) {
    return layer.diffId().shortHex();
  }

  private Layer packed(Push push, StoredImage stored, Layer layer, boolean mayPack)
      throws IOException {
    // what came from a registry so is known there by the digest it has
    if (!mayPack || stored.fromRegistry() || stored.formed() || !LayerPacker.isPlain(layer)) {
      return layer;
    }
    long size = layer.blob().size();
    return packer.pack(
        push.hold(), layer, done -> push.meter().at(id(layer), "Compressing", done, size));
  }

  /** Records how the image is kept from now on, before the first byte is sent to the end. */
  private StoredImage remember(Push push, StoredImage stored, List<Layer> ready) {
    if (ready.equals(stored.layers())) {
      return stored;
    }
    Manifest manifest = Manifest.oci(stored.config(), ready.stream().map(Layer::blob).toList());
    Descriptor raw = images.put(push.hold().lease(), MediaType.OCI_MANIFEST, Json.write(manifest));
    StoredImage packed =
        new StoredImage(
            stored.id(),
            stored.config(),
            raw,
            ready,
            stored.parent(),
            stored.addedAt(),
            stored.taggedAt(),
            true,
            false);
    catalog.record(Map.of(packed, List.of()));
    return packed;
  }

  private boolean sendLayer(Push push, Layer layer) throws IOException {
    String id = id(layer);
    Descriptor blob = layer.blob();
    if (!blob.urls().isEmpty()) {
      push.meter().state(id, "Skipped foreign layer");
      return false;
    }
    push.meter().state(id, "Waiting");
    try (Turns.Turn _ = turns.take("upload of " + id)) {
      if (push.repository().has(blob.digest())) {
        push.meter().state(id, "Layer already exists");
        return false;
      }
      Optional<String> mounted =
          sendBlob(push, blob, done -> push.meter().at(id, "Pushing", done, blob.size()));
      push.meter().state(id, mounted.map(m -> "Mounted from " + m).orElse("Pushed"));
      return true;
    }
  }

  private Optional<String> sendBlob(
      Push push, Descriptor blob, java.util.function.LongConsumer progress) throws IOException {
    return sending.run(
        push.name().name() + "@" + blob.digest(),
        () -> {
          if (push.repository().has(blob.digest())) {
            return Optional.empty();
          }
          List<String> from =
              catalog.repositoriesWith(blob.digest(), push.name().domain()).stream()
                  .filter(path -> !path.equals(push.name().path()))
                  .limit(3)
                  .toList();
          // what was dropped comes back only if its bytes are asked for
          try (BlobReader content = layerBlobs.lazily(push.hold(), blob, push.asking())) {
            return push.repository()
                .send(
                    blob,
                    content,
                    from,
                    progress,
                    catalog.pushes().upload(push.name(), blob.digest()));
          }
        });
  }
}
