package dev.kemas.image;

import dev.kemas.content.BlobInfo;
import dev.kemas.content.BlobStore;
import dev.kemas.fault.Fault;
import dev.kemas.metadata.Lease;
import dev.kemas.metadata.Leases;
import dev.kemas.metadata.Owner;
import dev.kemas.metadata.Resource;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The images of one store, by name and id. An image's id is the digest of its configuration, so the
 * same content under several names is one image. Reads come from memory and never block; writes are
 * atomic. Thread-safe.
 */
public final class Images {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{1,64}");
  private static final String PREFIX = "sha256:";
  // a bill of materials of a large image has tens of megabytes
  private static final int MAX_STATEMENT = 128 << 20;

  private final Catalog catalog;
  private final BlobStore blobs;
  private final Leases leases;
  private final ImageUse use;
  private final Consumer<ImageEvent> events;
  private final Garbage garbage;
  private final ReentrantLock removing = new ReentrantLock();

  Images(
      Catalog catalog,
      BlobStore blobs,
      Leases leases,
      ImageUse use,
      Consumer<ImageEvent> events,
      Garbage garbage) {
    this.catalog = catalog;
    this.blobs = blobs;
    this.leases = leases;
    this.use = use;
    this.events = events;
    this.garbage = garbage;
  }

  /**
   * Finds an image the way Docker does: a whole id, with or without {@code sha256:}; then a name,
   * {@code latest} where it has no tag; then the beginning of an id.
   *
   * @throws Fault.NotFound {@code No such image: x:latest}
   * @throws Fault.InvalidArgument when it is neither a name nor an id
   */
  public Image get(String nameOrId) {
    String hex = nameOrId.startsWith(PREFIX) ? nameOrId.substring(PREFIX.length()) : nameOrId;
    boolean couldBeId = HEX.matcher(hex).matches();
    if (couldBeId && (hex.length() == 64 || nameOrId.startsWith(PREFIX))) {
      return byPrefix(hex).orElseThrow(() -> missing(nameOrId, nameOrId));
    }
    Reference name = Reference.parse(nameOrId);
    Optional<Image> found = catalog.find(name);
    if (found.isEmpty() && couldBeId) {
      found = byPrefix(hex);
    }
    return found.orElseThrow(() -> missing(nameOrId, name.withDefaultTag().familiar()));
  }

  private Optional<Image> byPrefix(String hex) {
    List<Digest> fitting = catalog.withPrefix(hex);
    if (fitting.size() > 1) {
      throw new Fault.NotFound(
          "image",
          hex,
          "No such image: " + hex + ": several ids begin so, give more of the one you mean");
    }
    return fitting.isEmpty() ? Optional.empty() : catalog.find(fitting.getFirst());
  }

  private static Fault.NotFound missing(String asked, String shown) {
    return new Fault.NotFound("image", asked, "No such image: " + shown);
  }

  /** The image of an id. */
  public Optional<Image> find(Digest id) {
    return catalog.find(id);
  }

  /** The image of a name; {@code latest} where it has neither tag nor digest. */
  public Optional<Image> find(Reference name) {
    return catalog.find(name);
  }

  /**
   * The images that match, newest first.
   *
   * @param all also those without a name that others were made on
   * @throws Fault.NotFound when {@code before} or {@code since} name no image
   */
  public List<Image> list(ImageFilter filter, boolean all) {
    Optional<Instant> before = filter.before().map(n -> Selection.created(get(n)));
    Optional<Instant> since = filter.since().map(n -> Selection.created(get(n)));
    Set<Digest> parents = parents();
    return catalog.views().stream()
        .filter(i -> Selection.matches(i, filter, before, since, parents, all))
        .sorted(Selection.NEWEST_FIRST)
        .toList();
  }

  private Set<Digest> parents() {
    Set<Digest> parents = new HashSet<>();
    catalog.all().forEach(i -> i.parent().ifPresent(parents::add));
    // for another platform: its list has the name
    catalog
        .indexes()
        .forEach((name, index) -> index.images().forEach(part -> parents.add(part.image())));
    return parents;
  }

  /** The images made on this one. */
  public List<Image> children(Digest id) {
    return catalog.all().stream()
        .filter(i -> i.parent().equals(Optional.of(id)))
        .map(catalog::view)
        .toList();
  }

  /**
   * How an image came to be, newest step first.
   *
   * @throws Fault.NotFound as {@link #get}
   */
  public List<HistoryEntry> history(String nameOrId) {
    return HistoryReader.read(get(nameOrId), catalog::find);
  }

  /**
   * The configuration as it is stored, to the byte.
   *
   * @throws Fault.NotFound when there is no such image
   */
  public byte[] configJson(Digest id) {
    return catalog.configJson(
        catalog.stored(id).orElseThrow(() -> missing(id.toString(), id.toString())));
  }

  /**
   * Records an image made here. One of the same configuration that is there already gets the tags;
   * that is a success. The layers' blobs and snapshots must be there, kept by a {@link Hold} or an
   * image.
   */
  public Image add(NewImage image) {
    boolean left = false;
    try (Lease lease = leases.take("image")) {
      StoredImage stored = made(lease, image);
      List<Reference> tags = image.tags().stream().map(Reference::withDefaultTag).toList();
      left = catalog.record(Map.of(stored, tags));
      Image added = catalog.find(stored.id()).orElseGet(() -> catalog.view(stored));
      tags.forEach(t -> events.accept(Removal.event(ImageEvent.Action.TAG, added, t.familiar())));
      return added;
    } finally {
      if (left) {
        garbage.collect();
      }
    }
  }

  /** Writes an image's documents; it is not recorded yet. */
  private StoredImage made(Lease lease, NewImage image) {
    ImageConfig config = withLayers(image.config(), image.layers());
    Descriptor configBlob = put(lease, MediaType.OCI_CONFIG, Json.write(config));
    Manifest manifest = Manifest.oci(configBlob, image.layers().stream().map(Layer::blob).toList());
    Descriptor manifestBlob = put(lease, MediaType.OCI_MANIFEST, Json.write(manifest));
    return new StoredImage(
        configBlob.digest(),
        configBlob,
        manifestBlob,
        image.layers(),
        image.parent().filter(p -> !p.equals(configBlob.digest())),
        catalog.now(),
        Optional.empty(),
        false,
        false);
  }

  /** Whether an image's manifest is written as somebody asked, other than it is usual. */
  public boolean isFormed(Digest id) {
    return catalog.stored(id).map(StoredImage::formed).orElse(false);
  }

  /** An image as it is kept here, or will be when it is recorded; all of it under the lease. */
  StoredImage stage(Lease lease, PlatformImage wanted) {
    StoredImage image = stage(lease, wanted.content());
    ImageForm form = wanted.form();
    if (form.isPlain()) {
      return image;
    }
    List<Layer> layers = form.layers().orElse(image.layers());
    Descriptor manifest =
        put(lease, form.type(), Json.write(form.manifest(image.config(), layers)));
    StoredImage formed =
        new StoredImage(
            image.id(),
            image.config(),
            manifest,
            layers,
            image.parent(),
            image.addedAt(),
            image.taggedAt(),
            false,
            true);
    catalog.resources(formed, lease::add);
    return formed;
  }

  private StoredImage stage(Lease lease, PlatformImage.Content content) {
    StoredImage stored =
        switch (content) {
          case PlatformImage.Here(Digest id) ->
              catalog.stored(id).orElseThrow(() -> missing(id.toString(), id.toString()));
          case PlatformImage.Made(NewImage image) -> {
            StoredImage made = made(lease, image);
            // packed and pushed it has the digest that it has there
            yield catalog.stored(made.id()).filter(known -> !known.formed()).orElse(made);
          }
        };
    catalog.resources(stored, lease::add);
    return stored;
  }

  /** What an image is for, by its configuration. */
  Platform platform(StoredImage image) {
    return Json.read(document(image.config().digest()), ImageConfig.class, "image configuration")
        .platform();
  }

  /** A small document that is here. */
  byte[] document(Digest digest) {
    return blobs.read(digest, MAX_STATEMENT);
  }

  private static ImageConfig withLayers(ImageConfig config, List<Layer> layers) {
    return new ImageConfig(
        config.created(),
        config.author(),
        config.architecture(),
        config.os(),
        config.variant(),
        config.osVersion(),
        config.config(),
        ImageConfig.RootFs.of(layers.stream().map(Layer::diffId).toList()),
        config.history(),
        config.comment(),
        config.inlineCache());
  }

  /** Stores a document under a lease. */
  Descriptor put(Lease lease, String mediaType, byte[] document) {
    lease.add(Resource.blob(Digest.of(document)));
    BlobInfo blob = blobs.put(document);
    return Descriptor.of(mediaType, blob.digest(), blob.size());
  }

  /**
   * Gives an image one name more, taking it from whoever has it.
   *
   * @param name {@code latest} where it has no tag
   * @throws Fault.NotFound as {@link #get}
   * @throws Fault.InvalidArgument for a name with a digest
   */
  public Image tag(String nameOrId, Reference name) {
    if (name.digest().isPresent()) {
      throw new Fault.InvalidArgument("refusing to create a tag with a digest reference");
    }
    Image image = get(nameOrId);
    Reference tag = name.withDefaultTag();
    catalog.tag(image.id(), tag, indexOf(nameOrId, image));
    Image tagged = catalog.find(image.id()).orElseThrow(() -> missing(nameOrId, nameOrId));
    events.accept(Removal.event(ImageEvent.Action.TAG, tagged, tag.familiar()));
    return tagged;
  }

  /** A name that stands for a list lends that to the new one; an id means the image alone. */
  private Optional<ImageIndex> indexOf(String nameOrId, Image image) {
    return meansId(nameOrId, image)
        ? Optional.empty()
        : catalog.index(Reference.parse(nameOrId).withDefaultTag());
  }

  /**
   * Removes a name, and the image with its untagged parents when that was the last one; given an
   * id, all of its names.
   *
   * @param force also when a stopped container uses it, or several names in different repositories
   *     are on it
   * @param noPrune keep untagged parents
   * @throws Fault.NotFound as {@link #get}
   * @throws Fault.Conflict in Docker's words when it is in use, has several names or children
   */
  public List<Removed> remove(String nameOrId, boolean force, boolean noPrune) {
    List<Removed> removed;
    removing.lock();
    try {
      removed = removeOne(nameOrId, force, noPrune);
    } finally {
      removing.unlock();
    }
    if (removed.stream().anyMatch(Removed.Deleted.class::isInstance)) {
      garbage.collect();
    }
    return removed;
  }

  private List<Removed> removeOne(String nameOrId, boolean force, boolean noPrune) {
    Image image = get(nameOrId);
    Removal removal = new Removal(catalog, use, events);
    if (meansId(nameOrId, image)) {
      removal.byId(image, force, noPrune);
    } else {
      removal.byName(image, Reference.parse(nameOrId).withDefaultTag(), force, noPrune);
    }
    return removal.done();
  }

  private boolean meansId(String nameOrId, Image image) {
    String hex = nameOrId.startsWith(PREFIX) ? nameOrId.substring(PREFIX.length()) : nameOrId;
    return image.id().hex().startsWith(hex)
        && (hex.length() == 64
            || nameOrId.startsWith(PREFIX)
            || catalog.find(Reference.parse(nameOrId)).isEmpty());
  }

  /**
   * Removes images that no container uses.
   *
   * @param filter {@code dangling} empty or true: only those without a name; false: all unused
   */
  public PruneReport prune(ImageFilter filter) {
    boolean danglingOnly = filter.dangling().orElse(true);
    ImageFilter rest = filter.withDangling(Optional.empty());
    List<Removed> removed = new ArrayList<>();
    removing.lock();
    try {
      for (Image image : list(rest, true)) {
        if (catalog.find(image.id()).isPresent()
            && use.usersOf(image.id()).isEmpty()
            && children(image.id()).isEmpty()
            && catalog.memberOf(image.id()).isEmpty()
            && (image.dangling() || !danglingOnly)) {
          removed.addAll(pruneOne(image));
        }
      }
    } finally {
      removing.unlock();
    }
    long bytes = garbage.collectMeasured().bytes();
    events.accept(
        new ImageEvent(ImageEvent.Action.PRUNE, "", Map.of("reclaimed", Long.toString(bytes))));
    return new PruneReport(removed, bytes);
  }

  /** Notes that an image is of use now: a container is made of it, or something is built on it. */
  public void used(Digest id) {
    catalog.used(id);
  }

  /** When an image was of use last; survives the end of the process. */
  public Optional<Instant> lastUse(Digest id) {
    return catalog.lastUse(id);
  }

  /** Whether a filter asks for this image. */
  boolean matches(Image image, ImageFilter filter) {
    return Selection.matches(image, filter, Optional.empty(), Optional.empty(), Set.of(), true);
  }

  /**
   * Removes an image with its names if nobody uses it, and nobody used it since; what was removed,
   * nothing if it is in use.
   */
  List<Removed> removeUnused(Digest id, Instant usedLast) {
    removing.lock();
    try {
      Optional<Image> image = catalog.find(id);
      boolean busy =
          image.isEmpty()
              || !use.usersOf(id).isEmpty()
              || !children(id).isEmpty()
              || catalog.memberOf(id).isPresent()
              || leases.isHeld(Resource.blob(id))
              || catalog.lastUse(id).filter(at -> at.isAfter(usedLast)).isPresent();
      return busy ? List.of() : pruneOne(image.get());
    } finally {
      removing.unlock();
    }
  }

  private List<Removed> pruneOne(Image image) {
    Removal removal = new Removal(catalog, use, events);
    // forced for the names in several repositories; that no container uses it was looked at above
    removal.byId(image, true, false);
    return removal.done();
  }

  /** What all images need; a root of the garbage collection. */
  public List<Owner> roots() {
    return catalog.roots();
  }
}
