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
   * @param wanted a single image of which nothing is said is recorded without a list
   * @param names without any, the images are recorded and the list is not
   * @throws Fault.NotFound when one that should be here is not
   */
  public Added add(ImageList wanted, Names names) {
    List<Reference> tags = names.tags().stream().map(Reference::withDefaultTag).distinct().toList();
    boolean left = false;
    try (Lease lease = leases.take("images " + tags)) {
      Staged staged = stage(lease, wanted);
      StoredImage main = staged.main();
      List<Reference> all = new ArrayList<>(tags);
      names.repositories().forEach(name -> all.add(name.withDigest(staged.top().digest())));
      Map<StoredImage, List<Reference>> recorded = new LinkedHashMap<>();
      staged.images().forEach(image -> recorded.put(image, List.of()));
      recorded.put(main, all);
      Map<Reference, ImageIndex> lists = new LinkedHashMap<>();
      if (!staged.plain()) {
        all.forEach(name -> lists.put(name, staged.index()));
      }
      left = catalog.record(recorded, lists);
      Image added = catalog.find(main.id()).orElseGet(() -> catalog.view(main));
      tags.forEach(t -> events.accept(Removal.event(ImageEvent.Action.TAG, added, t.familiar())));
      return new Added(added, staged.top());
    } finally {
      if (left) {
        garbage.collect();
      }
    }
  }

  /**
   * The names that images get together.
   *
   * @param tags taken from whoever has them
   * @param repositories in which they are named by their digest
   */
  public record Names(List<Reference> tags, List<Reference> repositories) {
    public Names {
      tags = List.copyOf(tags);
      repositories = List.copyOf(repositories);
    }

    /** These tags alone. */
    public static Names of(List<Reference> tags) {
      return new Names(tags, List.of());
    }
  }

  /**
   * What was recorded.
   *
   * @param main the image that the names lead to where one image is wanted
   * @param top the manifest or list that the names stand for
   */
  public record Added(Image main, Descriptor top) {}

  /**
   * Images and their list, stored and not recorded.
   *
   * @param main the one that this machine would run
   * @param plain whether the list says no more than its only image does
   * @param top the list, or the only manifest where that says all
   */
  record Staged(
      List<StoredImage> images,
      StoredImage main,
      ImageIndex index,
      boolean plain,
      Descriptor top) {}

  /** Stores what a list needs, kept by the lease. */
  Staged stage(Lease lease, ImageList wanted) {
    List<StoredImage> stored = new ArrayList<>();
    List<ImageIndex.Part> parts = new ArrayList<>();
    List<ImageIndex.Attested> attested = new ArrayList<>();
    for (PlatformImage one : wanted.images()) {
      StoredImage image = images.stage(lease, one);
      stored.add(image);
      Platform platform = images.platform(image);
      Descriptor entry = annotated(image.manifest(), one.form().entry()).withPlatform(platform);
      parts.add(new ImageIndex.Part(image.id(), entry));
      List<Attestation> said = one.attestations().of(image.manifest().digest());
      if (!said.isEmpty()) {
        attested.add(attestations.store(lease, image.manifest().digest(), said));
      }
    }
    StoredImage main = main(stored);
    Index list = list(wanted, parts, attested);
    ImageIndex index = write(lease, list, parts, attested);
    boolean plain = parts.size() == 1 && attested.isEmpty();
    Descriptor top =
        plain
            ? annotated(main.manifest(), wanted.images().getFirst().form().entry())
            : annotated(index.descriptor(), wanted.entry());
    return new Staged(stored, main, index, plain, top);
  }

  private static Descriptor annotated(Descriptor what, Map<String, String> annotations) {
    Descriptor more = what;
    for (Map.Entry<String, String> one : annotations.entrySet()) {
      more = more.withAnnotation(one.getKey(), one.getValue());
    }
    return more;
  }

  private StoredImage main(List<StoredImage> all) {
    return all.stream()
        .filter(i -> Platform.host().accepts(images.platform(i)))
        .findFirst()
        .orElseGet(all::getFirst);
  }

  private static List<Descriptor> entries(
      List<ImageIndex.Part> parts, List<ImageIndex.Attested> attested) {
    List<Descriptor> manifests = new ArrayList<>();
    parts.forEach(part -> manifests.add(part.manifest()));
    attested.forEach(one -> manifests.add(one.manifest()));
    return manifests;
  }

  private static Index list(
      ImageList wanted, List<ImageIndex.Part> parts, List<ImageIndex.Attested> attested) {
    return new Index(
        2,
        Optional.of(wanted.docker() ? MediaType.DOCKER_INDEX : MediaType.OCI_INDEX),
        Optional.empty(),
        entries(parts, attested),
        Optional.empty(),
        wanted.annotations());
  }

  private ImageIndex write(
      Lease lease, Index list, List<ImageIndex.Part> parts, List<ImageIndex.Attested> attested) {
    String type = list.mediaType().orElse(MediaType.OCI_INDEX);
    Descriptor index = images.put(lease, type, Json.write(list));
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
              part.image(),
              annotated(now, part.manifest().annotations())
                  .withPlatform(part.manifest().platform().orElseThrow())));
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
      Index before =
          Json.read(images.document(index.descriptor().digest()), Index.class, "list of manifests");
      Index list =
          new Index(
              2,
              before.mediaType(),
              before.artifactType(),
              entries(parts, attested),
              before.subject(),
              before.annotations());
      ImageIndex made = write(lease, list, parts, attested);
      return catalog.replace(name, index, made) ? Optional.of(made) : find(name);
    }
  }
}
