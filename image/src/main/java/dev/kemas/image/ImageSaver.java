package dev.kemas.image;

import dev.kemas.archive.TarEntry;
import dev.kemas.archive.TarWriter;
import dev.kemas.content.BlobReader;
import dev.kemas.content.BlobStore;
import dev.kemas.fault.Fault;
import dev.kemas.metadata.Resource;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Writes archives that Docker reads ({@code manifest.json}, {@code repositories}) and that OCI
 * tools read (a layout with {@code index.json}), with the digests the images have here. No layer is
 * in it twice. The same images give the same bytes. Thread-safe.
 */
public final class ImageSaver {
  private static final int FILE = 0644;
  private static final int FOLDER = 0755;
  private static final byte[] LAYOUT =
      "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8);

  private final Images images;
  private final ImageIndexes indexes;
  private final Catalog catalog;
  private final Layers layers;
  private final LayerBlobs layerBlobs;
  private final BlobStore blobs;
  private final Consumer<ImageEvent> events;

  ImageSaver(
      Images images,
      ImageIndexes indexes,
      Catalog catalog,
      Layers layers,
      LayerBlobs layerBlobs,
      BlobStore blobs,
      Consumer<ImageEvent> events) {
    this.images = images;
    this.indexes = indexes;
    this.catalog = catalog;
    this.layers = layers;
    this.layerBlobs = layerBlobs;
    this.blobs = blobs;
    this.events = events;
  }

  /** Each image once, with the names it is saved under. */
  private Map<StoredImage, Set<Reference>> choose(List<String> names) {
    Map<Digest, StoredImage> chosen = new LinkedHashMap<>();
    Map<Digest, Set<Reference>> tags = new LinkedHashMap<>();
    for (String name : names) {
      List<Reference> all = allTags(name);
      if (all.isEmpty()) {
        Image image = images.get(name);
        add(chosen, tags, image, tagMeant(name, image));
      }
      for (Reference tag : all) {
        add(chosen, tags, images.get(tag.toString()), List.of(tag));
      }
    }
    Map<StoredImage, Set<Reference>> result = new LinkedHashMap<>();
    chosen.forEach((id, image) -> result.put(image, tags.getOrDefault(id, Set.of())));
    return result;
  }

  private void add(
      Map<Digest, StoredImage> chosen,
      Map<Digest, Set<Reference>> tags,
      Image image,
      List<Reference> names) {
    chosen.put(image.id(), catalog.stored(image.id()).orElseThrow());
    tags.computeIfAbsent(
            image.id(), id -> new TreeSet<>(java.util.Comparator.comparing(Reference::toString)))
        .addAll(names);
  }

  /** For a repository without a tag: all of its tags. */
  private List<Reference> allTags(String name) {
    Reference asked;
    try {
      asked = Reference.parse(name);
    } catch (Fault.InvalidArgument e) {
      return List.of(); // an id; get() says what is wrong with it if it is not
    }
    if (asked.tag().isPresent() || asked.digest().isPresent()) {
      return List.of();
    }
    return catalog.views().stream()
        .flatMap(i -> i.tags().stream())
        .filter(t -> t.name().equals(asked.name()))
        .toList();
  }

  private static List<Reference> tagMeant(String name, Image image) {
    return image.tags().stream()
        .filter(t -> {
          try {
            return Reference.parse(name).withDefaultTag().equals(t);
          } catch (Fault.InvalidArgument e) {
            return false; // an id names no tag
          }
        })
        .toList();
  }

  /**
   * Finds the images without writing anything.
   *
   * @throws Fault.NotFound when one of them is not there
   */
  public void requireAll(List<String> names) {
    choose(names);
  }

  /**
   * Writes images as one archive. The stream is not closed.
   *
   * @param names names or ids; a repository without tag stands for all its tags
   * @throws Fault.NotFound before anything is written when one of them is not there
   * @throws IOException what writing the stream threw
   */
  public void save(List<String> names, OutputStream out) throws IOException {
    try (Hold hold = layers.hold("save of " + names)) {
      Map<StoredImage, Set<Reference>> chosen = choose(names);
      for (StoredImage image : chosen.keySet()) {
        catalog.resources(image, hold.lease()::add);
        for (Layer layer : image.layers()) {
          layerBlobs.restore(hold, layer.blob(), LayerBlobs.Asking.ANYBODY);
        }
      }
      Map<Reference, ImageIndex> lists = lists(hold, chosen);
      List<StoredImage> all = new ArrayList<>(chosen.keySet());
      lists.values().forEach(list -> all.addAll(images(list)));
      write(chosen, index(chosen, lists), lists.values(), all, out);
      for (StoredImage image : chosen.keySet()) {
        catalog.used(image.id());
        catalog
            .find(image.id())
            .ifPresent(
                i -> events.accept(Removal.event(ImageEvent.Action.SAVE, i, i.id().toString())));
      }
    }
  }

  /**
   * Writes images that are recorded nowhere as one archive: what a build made, with what is said of
   * it. The stream is not closed.
   *
   * @param wanted their layers are kept by a {@link Hold} or an image
   * @param names that the archive gives them
   * @return what the archive's list names: the manifest of a single image of which nothing is said,
   *     else the list of manifests
   * @throws IOException what writing the stream threw
   */
  public Descriptor write(ImageList wanted, List<Reference> names, OutputStream out)
      throws IOException {
    try (Hold hold = layers.hold("archive of " + names)) {
      ImageIndexes.Staged staged = indexes.stage(hold.lease(), wanted);
      for (StoredImage image : staged.images()) {
        for (Layer layer : image.layers()) {
          layerBlobs.restore(hold, layer.blob(), LayerBlobs.Asking.ANYBODY);
        }
      }
      Set<Reference> tags =
          new LinkedHashSet<>(names.stream().map(Reference::withDefaultTag).toList());
      Map<StoredImage, Set<Reference>> chosen = Map.of(staged.main(), tags);
      Descriptor top = staged.top();
      List<ImageIndex> lists = staged.plain() ? List.of() : List.of(staged.index());
      write(chosen, named(top, tags), lists, staged.images(), out);
      return top;
    }
  }

  private static Index named(Descriptor top, Set<Reference> tags) {
    return Index.oci(
        tags.isEmpty() ? List.of(top) : tags.stream().map(tag -> named(top, tag)).toList());
  }

  private static Descriptor named(Descriptor what, Reference tag) {
    return what.withAnnotation("io.containerd.image.name", tag.toString())
        .withAnnotation("org.opencontainers.image.ref.name", tag.tag().orElse("latest"));
  }

  /** The names that stand for more than the image, with all of that restored. */
  private Map<Reference, ImageIndex> lists(Hold hold, Map<StoredImage, Set<Reference>> chosen)
      throws IOException {
    Map<Reference, ImageIndex> lists = new LinkedHashMap<>();
    for (Set<Reference> tags : chosen.values()) {
      for (Reference tag : tags) {
        Optional<ImageIndex> list = indexes.hold(tag, hold.lease());
        if (list.isPresent()) {
          lists.put(tag, list.get());
          for (StoredImage image : images(list.get())) {
            for (Layer layer : image.layers()) {
              layerBlobs.restore(hold, layer.blob(), LayerBlobs.Asking.ANYBODY);
            }
          }
        }
      }
    }
    return lists;
  }

  private List<StoredImage> images(ImageIndex list) {
    return list.images().stream().flatMap(part -> catalog.stored(part.image()).stream()).toList();
  }

  private void write(
      Map<StoredImage, Set<Reference>> chosen,
      Index index,
      Collection<ImageIndex> lists,
      List<StoredImage> all,
      OutputStream out)
      throws IOException {
    TarWriter tar = new TarWriter(new Unclosing(out));
    // what tells comes first, so that a reader of the stream knows the layers before they come
    put(tar, "oci-layout", LAYOUT);
    put(tar, "index.json", Json.write(index));
    put(tar, "manifest.json", Json.write(dockerManifest(chosen)));
    Map<String, Map<String, String>> repositories = repositories(chosen);
    if (!repositories.isEmpty()) {
      put(tar, "repositories", Json.write(repositories));
    }
    tar.put(TarEntry.directory("blobs/", FOLDER, Instant.EPOCH));
    tar.put(TarEntry.directory("blobs/sha256/", FOLDER, Instant.EPOCH));
    Set<Digest> written = new LinkedHashSet<>();
    for (ImageIndex list : lists) {
      List<Resource> documents = new ArrayList<>();
      Catalog.resources(list, documents::add);
      for (Resource document : documents) {
        blob(tar, Digest.parse(document.id()), written);
      }
    }
    for (StoredImage image : all) {
      blob(tar, image.config().digest(), written);
      blob(tar, image.manifest().digest(), written);
      for (Layer layer : image.layers()) {
        blob(tar, layer.blob().digest(), written);
      }
    }
    tar.close();
  }

  private static void put(TarWriter tar, String name, byte[] content) throws IOException {
    tar.put(
        TarEntry.file(name, FILE, content.length, Instant.EPOCH),
        new java.io.ByteArrayInputStream(content));
  }

  private void blob(TarWriter tar, Digest digest, Set<Digest> written) throws IOException {
    if (!written.add(digest)) {
      return;
    }
    try (BlobReader blob = blobs.open(digest);
        InputStream in = blob.stream()) {
      tar.put(TarEntry.file(ArchiveContent.blobName(digest), FILE, blob.size(), Instant.EPOCH), in);
    } catch (Fault.NotFound e) {
      throw new Fault.DataLoss("blob " + digest + " is gone: get its image again", e);
    }
  }

  private static Index index(
      Map<StoredImage, Set<Reference>> chosen, Map<Reference, ImageIndex> lists) {
    List<Descriptor> manifests = new ArrayList<>();
    chosen.forEach((image, tags) -> {
      if (tags.isEmpty()) {
        manifests.add(image.manifest());
      }
      for (Reference tag : tags) {
        Optional<Descriptor> list = Optional.ofNullable(lists.get(tag)).map(ImageIndex::descriptor);
        manifests.add(named(list.orElse(image.manifest()), tag));
      }
    });
    return Index.oci(manifests);
  }

  private static List<SavedImage> dockerManifest(Map<StoredImage, Set<Reference>> chosen) {
    List<SavedImage> images = new ArrayList<>();
    chosen.forEach((image, tags) ->
        images.add(
            new SavedImage(
                ArchiveContent.blobName(image.config().digest()),
                tags.stream().map(Reference::familiar).toList(),
                image.layers().stream()
                    .map(l -> ArchiveContent.blobName(l.blob().digest()))
                    .toList())));
    return images;
  }

  /** What docker before 1.10 read: repository, tag, topmost layer. */
  private static Map<String, Map<String, String>> repositories(
      Map<StoredImage, Set<Reference>> chosen) {
    Map<String, Map<String, String>> repositories = new TreeMap<>();
    chosen.forEach((image, tags) -> {
      if (!image.layers().isEmpty()) {
        String top = image.layers().getLast().blob().digest().hex();
        tags.forEach(t ->
            repositories
                .computeIfAbsent(t.familiarName(), n -> new TreeMap<>())
                .put(t.tag().orElse("latest"), top));
      }
    });
    return repositories;
  }

  /** A stream that is somebody else's to close. */
  private static final class Unclosing extends java.io.FilterOutputStream {
    Unclosing(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
