package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.metadata.Lease;
import dev.kemas.metadata.Leases;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Names that stand for a list of manifests: images for several platforms and what is said of them.
 * Thread-safe.
 *
 * <p>The image that this machine would run owns the name, so that all that knows of images alone
 * goes on with that one. The others have no name of their own; they stay as long as the list.
 */
public final class ImageIndexes {
  private final Images images;
  private final Catalog catalog;
  private final Leases leases;
  private final Consumer<ImageEvent> events;
  private final Garbage garbage;
  private final Attestations attestations;

  ImageIndexes(
      Images images, Catalog catalog, Leases leases, Consumer<ImageEvent> events, Garbage garbage) {
    this.images = images;
    this.catalog = catalog;
    this.leases = leases;
    this.events = events;
    this.garbage = garbage;
    this.attestations = new Attestations(images);
  }

  /**
   * Records images with what is said of them, under names that stand for all of it together. All or
   * nothing. Layers' blobs and snapshots must be there, kept by a {@link Hold} or an image.
   *
   * @param wanted one a platform, at least one; the order is that of the list
   * @param names without any, the images are recorded and the list is not
   * @return the image that the names lead to where one image is wanted
   * @throws Fault.NotFound when one that should be here is not
   */
  public Image add(List<PlatformImage> wanted, List<Reference> names) {
    List<Reference> tags = names.stream().map(Reference::withDefaultTag).distinct().toList();
    boolean left = false;
    try (Lease lease = leases.take("images " + tags)) {
      Staged staged = stage(lease, wanted);
      StoredImage main = staged.main();
      Map<StoredImage, List<Reference>> recorded = new LinkedHashMap<>();
      staged.images().forEach(image -> recorded.put(image, List.of()));
      recorded.put(main, tags);
      Map<Reference, ImageIndex> lists = new LinkedHashMap<>();
      tags.forEach(tag -> lists.put(tag, staged.index()));
      left = catalog.record(recorded, lists);
      Image added = catalog.find(main.id()).orElseGet(() -> catalog.view(main));
      tags.forEach(t -> events.accept(Removal.event(ImageEvent.Action.TAG, added, t.familiar())));
      return added;
    } finally {
      if (left) {
        garbage.collect();
      }
    }
  }

  /**
   * Images and their list, stored and not recorded.
   *
   * @param main the one that this machine would run
   * @param plain whether the list says no more than its only image does
   */
  record Staged(List<StoredImage> images, StoredImage main, ImageIndex index, boolean plain) {}

  /** Stores what a list needs, kept by the lease. */
  Staged stage(Lease lease, List<PlatformImage> wanted) {
    List<StoredImage> stored = new ArrayList<>();
    List<ImageIndex.Part> parts = new ArrayList<>();
    List<ImageIndex.Attested> attested = new ArrayList<>();
    for (PlatformImage one : wanted) {
      StoredImage image = images.stage(lease, one.content());
      stored.add(image);
      Platform platform = images.platform(image);
      parts.add(new ImageIndex.Part(image.id(), image.manifest().withPlatform(platform)));
      List<Attestation> said = one.attestations().of(image.manifest().digest());
      if (!said.isEmpty()) {
        attested.add(attestations.store(lease, image.manifest().digest(), said));
      }
    }
    boolean plain = parts.size() == 1 && attested.isEmpty();
    return new Staged(stored, main(stored), write(lease, parts, attested), plain);
  }

  private StoredImage main(List<StoredImage> all) {
    return all.stream()
        .filter(i -> Platform.host().accepts(images.platform(i)))
        .findFirst()
        .orElseGet(all::getFirst);
  }

  private ImageIndex write(
      Lease lease, List<ImageIndex.Part> parts, List<ImageIndex.Attested> attested) {
    List<Descriptor> manifests = new ArrayList<>();
    parts.forEach(part -> manifests.add(part.manifest()));
    attested.forEach(one -> manifests.add(one.manifest()));
    Descriptor index = images.put(lease, MediaType.OCI_INDEX, Json.write(Index.oci(manifests)));
    return new ImageIndex(index, parts, attested, true);
  }

  /**
   * What a name stands for beyond one image.
   *
   * @param name {@code latest} where it has no tag
   */
  public Optional<ImageIndex> find(Reference name) {
    Reference tag = name.withDefaultTag();
    return catalog.index(tag).flatMap(index -> fresh(tag, index));
  }

  /** What the first of an image's names that stands for a list stands for. */
  public Optional<ImageIndex> of(Image image) {
    return image.tags().stream().flatMap(tag -> find(tag).stream()).findFirst();
  }

  /**
   * What an image stands for as it was asked for: a name means its own list or none, an id any.
   *
   * @param nameOrId that led to the image
   */
  public Optional<ImageIndex> of(Image image, String nameOrId) {
    return image.tags().stream()
        .filter(tag ->
            tag.familiar().equals(nameOrId)
                || tag.toString().equals(nameOrId)
                || (tag.tag().equals(Optional.of("latest"))
                    && (tag.familiarName().equals(nameOrId) || tag.name().equals(nameOrId))))
        .findFirst()
        .map(this::find)
        .orElseGet(() -> of(image));
  }

  /** As {@link #find}, with all that it names kept from being collected. */
  Optional<ImageIndex> hold(Reference name, Lease lease) {
    Optional<ImageIndex> found = find(name);
    found.ifPresent(index -> {
      Catalog.resources(index, lease::add);
      index.images().stream()
          .flatMap(part -> catalog.stored(part.image()).stream())
          .forEach(image -> catalog.resources(image, lease::add));
    });
    return found;
  }

  /**
   * A list of ours follows its images when they were packed for a push; a list of somebody else's
   * cannot, and its name stands for the image alone then.
   */
  private Optional<ImageIndex> fresh(Reference name, ImageIndex index) {
    Map<Digest, Digest> renamed = new LinkedHashMap<>();
    List<ImageIndex.Part> parts = new ArrayList<>();
    for (ImageIndex.Part part : index.images()) {
      Optional<StoredImage> image = catalog.stored(part.image());
      if (image.isEmpty()) {
        return Optional.empty();
      }
      Descriptor now = image.get().manifest();
      if (!now.digest().equals(part.manifest().digest())) {
        renamed.put(part.manifest().digest(), now.digest());
      }
      parts.add(
          new ImageIndex.Part(
              part.image(), now.withPlatform(part.manifest().platform().orElseThrow())));
    }
    if (renamed.isEmpty()) {
      return Optional.of(index);
    }
    if (!index.ours()) {
      return Optional.empty();
    }
    try (Lease lease = leases.take("list of " + name.familiar())) {
      List<ImageIndex.Attested> attested =
          index.attestations().stream()
              .map(one -> attestations.about(lease, one, renamed))
              .toList();
      ImageIndex made = write(lease, parts, attested);
      return catalog.replace(name, index, made) ? Optional.of(made) : find(name);
    }
  }
}
