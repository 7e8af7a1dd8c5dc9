package dev.kemas.image;

import dev.kemas.content.BlobStore;
import dev.kemas.fault.Fault;
import dev.kemas.metadata.Names;
import dev.kemas.metadata.Owner;
import dev.kemas.metadata.RecordStore;
import dev.kemas.metadata.Records;
import dev.kemas.metadata.Resource;
import dev.kemas.metadata.Transaction;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of images and their names. Reads come from memory; a configuration is read from its
 * blob once. Thread-safe.
 */
final class Catalog {
  private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);

  /** What distribution-spec asks registries to accept at least; more is not an image. */
  static final int MAX_DOCUMENT = 4 << 20;

  private final RecordStore store;
  private final Records<StoredImage> images;
  private final Names names;
  private final Records<DroppedBlob> dropped;
  private final Records<LastUse> uses;
  private final Records<ImageIndex> indexes;
  private final PushRecords pushes;
  private final BlobStore blobs;
  private final Clock clock;
  private final Map<Digest, ImageConfig> configs = new ConcurrentHashMap<>();

  Catalog(RecordStore store, BlobStore blobs, Clock clock) {
    this.store = store;
    this.images = store.records("images", StoredImage.class);
    this.names = store.names("image");
    this.pushes = new PushRecords(store, clock);
    this.uses = store.records("image-uses", LastUse.class);
    this.indexes = store.records("image-indexes", ImageIndex.class);
    this.dropped = store.records("dropped-blobs", DroppedBlob.class);
    this.blobs = blobs;
    this.clock = clock;
    dropDamaged();
  }

  /** After a power failure the blob store may have dropped what had not reached the disk. */
  private void dropDamaged() {
    for (StoredImage image : images.all()) {
      if (blobs.stat(image.config().digest()).isEmpty()) {
        LOG.warn(
            "image {} {} lost its configuration, as a power failure may do: get it again",
            image.id().shortHex(),
            names.of(image.id().hex()));
        delete(image.id());
      }
    }
  }

  /** How far pushes have got. */
  PushRecords pushes() {
    return pushes;
  }

  Instant now() {
    return clock.instant();
  }

  List<StoredImage> all() {
    return images.all();
  }

  Optional<StoredImage> stored(Digest id) {
    return images.get(id.hex());
  }

  Optional<Image> find(Digest id) {
    return stored(id).flatMap(this::seen);
  }

  Optional<Image> find(Reference name) {
    return names.owner(name.withDefaultTag().toString()).flatMap(images::get).flatMap(this::seen);
  }

  /** The ids that begin with these hex digits; two are enough to know it is not one. */
  List<Digest> withPrefix(String hex) {
    return images.keysWithPrefix(hex, 2).stream().map(k -> new Digest("sha256", k)).toList();
  }

  /** How a layer's blob comes back that was dropped, or may be. */
  Optional<DroppedBlob> dropped(Digest blob) {
    return dropped.get(blob.toString());
  }

  /** Waits until it outlives a power failure: its blob may go then. */
  void drop(DroppedBlob blob) {
    dropped.put(blob.blob().digest().toString(), blob);
    store.sync();
  }

  /** All of them. */
  List<DroppedBlob> dropped() {
    return dropped.all();
  }

  void forgetDropped(Digest blob) {
    dropped.remove(blob.toString());
  }

  /** Some layer that is kept as this blob. */
  Optional<Layer> layerOf(Digest blob) {
    return images.all().stream()
        .flatMap(i -> i.layers().stream())
        .filter(l -> l.blob().digest().equals(blob))
        .findFirst();
  }

  /** A layer that some image has at this place. */
  Optional<Layer> layerAt(Digest chainId) {
    return images.all().stream()
        .flatMap(i -> i.layers().stream())
        .filter(l -> l.chainId().equals(chainId))
        .findFirst();
  }

  /** The compressed blob of some image's layer with this content. */
  Optional<Layer> packed(Digest diffId) {
    return images.all().stream()
        .flatMap(i -> i.layers().stream())
        .filter(l -> l.diffId().equals(diffId) && !l.blob().digest().equals(diffId))
        .findFirst();
  }

  /** The repositories of a registry that an image with this blob was pulled from or pushed to. */
  List<String> repositoriesWith(Digest blob, String domain) {
    return images.all().stream()
        .filter(i -> i.layers().stream().anyMatch(l -> l.blob().digest().equals(blob)))
        .flatMap(i -> view(i).digests().stream())
        .filter(r -> r.domain().equals(domain))
        .map(Reference::path)
        .distinct()
        .toList();
  }

  /** Where images with this blob came from or went to: names with a digest. */
  List<Reference> sourcesOf(Digest blob) {
    return images.all().stream()
        .filter(i -> i.fromRegistry())
        .filter(i -> i.layers().stream().anyMatch(l -> l.blob().digest().equals(blob)))
        .flatMap(i -> view(i).digests().stream())
        .toList();
  }

  /** The images that a repository's tags name, by tag. */
  SortedMap<String, StoredImage> tagged(Reference repository) {
    SortedMap<String, StoredImage> found = new TreeMap<>();
    names
        .entries()
        .forEach((name, owner) -> {
          Reference reference = Reference.parse(name);
          if (reference.name().equals(repository.name()) && reference.tag().isPresent()) {
            images.get(owner).ifPresent(i -> found.put(reference.tag().get(), i));
          }
        });
    return found;
  }

  Image view(StoredImage image) {
    return view(image, names.of(image.id().hex()));
  }

  /** All images; the names are gone through once, not once an image. */
  List<Image> views() {
    Map<String, List<String>> byOwner = new HashMap<>();
    names
        .entries()
        .forEach((name, owner) -> byOwner.computeIfAbsent(owner, o -> new ArrayList<>()).add(name));
    return images.all().stream()
        .flatMap(i ->
            seen(
                i,
                () ->
                    view(
                        i,
                        byOwner.getOrDefault(i.id().hex(), List.of()).stream().sorted().toList()))
                .stream())
        .toList();
  }

  /** The image; empty when it was removed, and its blobs collected, since it was looked up. */
  private Optional<Image> seen(StoredImage image) {
    return seen(image, () -> view(image));
  }

  private Optional<Image> seen(StoredImage image, Supplier<Image> view) {
    try {
      return Optional.of(view.get());
    } catch (Fault.DataLoss gone) {
      // one that is here still has lost its blob, unless it came back since
      return stored(image.id()).map(this::view);
    }
  }

  private Image view(StoredImage image, List<String> owned) {
    List<Reference> all = owned.stream().map(Reference::parse).toList();
    return new Image(
        image.id(),
        config(image),
        image.layers(),
        image.manifest(),
        image.parent(),
        all.stream().filter(r -> r.digest().isEmpty()).toList(),
        all.stream().filter(r -> r.digest().isPresent()).toList(),
        image.addedAt(),
        image.taggedAt());
  }

  private ImageConfig config(StoredImage image) {
    return configs.computeIfAbsent(
        image.id(), id -> Json.read(configJson(image), ImageConfig.class, "image configuration"));
  }

  byte[] configJson(StoredImage image) {
    try {
      return blobs.read(image.config().digest(), MAX_DOCUMENT);
    } catch (Fault.NotFound e) {
      throw new Fault.DataLoss(
          "the configuration of image "
              + image.id().shortHex()
              + " is gone from the blob store: remove the image and get it again",
          e);
    }
  }

  /**
   * Writes images with the names they get, all or nothing.
   *
   * @return whether one of them was kept in other blobs before, which nobody may need any more
   */
  boolean record(Map<StoredImage, List<Reference>> added) {
    return record(added, Map.of());
  }

  /** The same, some of the names standing for a list that the images are of. */
  boolean record(Map<StoredImage, List<Reference>> added, Map<Reference, ImageIndex> lists) {
    Instant now = now();
    return store.transact(tx -> {
      boolean[] replaced = new boolean[1];
      added.forEach((image, references) -> {
        Optional<StoredImage> before = tx.get(images, image.id().hex());
        StoredImage merged = before.map(present -> merge(present, image)).orElse(image);
        replaced[0] |= before.filter(b -> !b.manifest().equals(merged.manifest())).isPresent();
        // or it was there in another form, which stays
        replaced[0] |= !merged.manifest().equals(image.manifest());
        boolean tagged = references.stream().anyMatch(r -> r.tag().isPresent());
        tx.put(images, image.id().hex(), tagged ? merged.withTaggedAt(now) : merged);
        tx.put(uses, image.id().hex(), new LastUse(now));
        pushes.recorded(tx, merged.layers());
        references.forEach(r -> assign(tx, r, image.id(), Optional.ofNullable(lists.get(r))));
      });
      return replaced[0];
    });
  }

  private void assign(Transaction tx, Reference reference, Digest id, Optional<ImageIndex> index) {
    String name = reference.toString();
    tx.assign(names, name, id.hex());
    index.ifPresentOrElse(i -> tx.put(indexes, name, i), () -> tx.remove(indexes, name));
  }

  /** What a name stands for beyond its image. */
  Optional<ImageIndex> index(Reference name) {
    return indexes.get(name.toString());
  }

  /** All lists that names stand for, by name. */
  Map<String, ImageIndex> indexes() {
    return indexes.entries();
  }

  /** Writes a list anew if the name stands for the old one still. */
  boolean replace(Reference name, ImageIndex old, ImageIndex made) {
    return store.transact(tx -> {
      boolean still = tx.get(indexes, name.toString()).equals(Optional.of(old));
      if (still) {
        tx.put(indexes, name.toString(), made);
      }
      return still;
    });
  }

  /** The name of a list that an image is part of without owning the name. */
  Optional<String> memberOf(Digest id) {
    return indexes.entries().entrySet().stream()
        .filter(e -> e.getValue().images().stream().anyMatch(p -> p.image().equals(id)))
        .map(Map.Entry::getKey)
        .filter(name -> !names.owner(name).equals(Optional.of(id.hex())))
        .findFirst();
  }

  /**
   * What a registry gave is kept rather than what was made here: a push then sends nothing. Of what
   * somebody asked for in a form of its own the last one counts.
   */
  private static StoredImage merge(StoredImage present, StoredImage added) {
    boolean asked = added.formed() || present.formed();
    StoredImage merged =
        asked || added.fromRegistry() || !present.fromRegistry()
            ? present.withContentOf(added)
            : present;
    return merged.parent().isPresent() || added.parent().isEmpty()
        ? merged
        : new StoredImage(
            merged.id(),
            merged.config(),
            merged.manifest(),
            merged.layers(),
            added.parent(),
            merged.addedAt(),
            merged.taggedAt(),
            merged.fromRegistry(),
            merged.formed());
  }

  void tag(Digest id, Reference name, Optional<ImageIndex> index) {
    store.run(tx -> {
      StoredImage image =
          tx.get(images, id.hex())
              .orElseThrow(
                  () -> new Fault.NotFound("image", id.toString(), "No such image: " + id));
      tx.put(images, id.hex(), image.withTaggedAt(now()));
      tx.put(uses, id.hex(), new LastUse(now()));
      assign(tx, name, id, index);
    });
  }

  /** Notes a use, of an image that is there. */
  void used(Digest id) {
    store.run(tx -> {
      if (tx.get(images, id.hex()).isPresent()) {
        tx.put(uses, id.hex(), new LastUse(now()));
      }
    });
  }

  Optional<Instant> lastUse(Digest id) {
    return uses.get(id.hex()).map(LastUse::at);
  }

  void untag(Reference name) {
    store.run(tx -> {
      tx.release(names, name.toString());
      tx.remove(indexes, name.toString());
    });
  }

  void delete(Digest id) {
    store.run(tx -> {
      names
          .of(id.hex())
          .forEach(n -> {
            tx.release(names, n);
            tx.remove(indexes, n);
          });
      tx.remove(images, id.hex());
      tx.remove(uses, id.hex());
    });
    configs.remove(id);
  }

  /** What images need: the roots of the garbage collection. */
  List<Owner> roots() {
    List<Owner> roots = new ArrayList<>(pushes.roots());
    for (StoredImage image : images.all()) {
      List<Resource> needed = new ArrayList<>();
      resources(image, needed::add);
      roots.add(new Owner("image " + image.id().shortHex(), needed));
    }
    indexes
        .entries()
        .forEach((name, index) -> {
          List<Resource> needed = new ArrayList<>();
          resources(index, needed::add);
          roots.add(new Owner("list of " + name, needed));
        });
    return roots;
  }

  /** The list and what is said in it; its images are kept as images. */
  static void resources(ImageIndex index, Consumer<Resource> to) {
    to.accept(Resource.blob(index.descriptor().digest()));
    for (ImageIndex.Attested attested : index.attestations()) {
      to.accept(Resource.blob(attested.manifest().digest()));
      attested.blobs().forEach(blob -> to.accept(Resource.blob(blob.digest())));
    }
  }

  void resources(StoredImage image, Consumer<Resource> to) {
    to.accept(Resource.blob(image.config().digest()));
    to.accept(Resource.blob(image.manifest().digest()));
    for (Layer layer : image.layers()) {
      to.accept(Resource.blob(layer.blob().digest()));
      dropped(layer.blob().digest())
          .flatMap(DroppedBlob::recipe)
          .ifPresent(recipe -> to.accept(Resource.blob(recipe)));
    }
    if (!image.layers().isEmpty()) {
      to.accept(Resource.snapshot(image.layers().getLast().chainId().hex()));
    }
  }
}
