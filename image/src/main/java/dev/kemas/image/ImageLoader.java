package dev.kemas.image;

import dev.kemas.archive.Compression;
import dev.kemas.archive.Limits;
import dev.kemas.content.BlobStore;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Reads image archives: {@code docker save}'s of any age and OCI layouts as one tar, also both in
 * one, plain or packed with gzip, xz, zstd or bzip2. The stream is read once; layers are unpacked
 * while later ones arrive. Either every image of the archive is there in the end or none.
 * Thread-safe.
 */
public final class ImageLoader {
  private final Layers layers;
  private final Images images;
  private final Catalog catalog;
  private final BlobStore blobs;
  private final Consumer<ImageEvent> events;
  private final Runnable tidy;

  ImageLoader(
      Layers layers,
      Images images,
      Catalog catalog,
      BlobStore blobs,
      Consumer<ImageEvent> events,
      Runnable tidy) {
    this.layers = layers;
    this.images = images;
    this.catalog = catalog;
    this.blobs = blobs;
    this.events = events;
    this.tidy = tidy;
  }

  /**
   * Loads all images of an archive. The stream is not closed.
   *
   * @param platform which image of a multi-platform index; empty for this machine's
   * @param progress gets {@code Loaded image: NAME} or {@code Loaded image ID: ID} for each
   * @throws Fault.InvalidArgument when the archive is not one, is malformed or tries to leave its
   *     root; the message names the entry
   * @throws Fault.DataLoss when content does not match its digest, or the archive ends too early
   * @throws IOException what reading the stream threw
   */
  public LoadReport load(InputStream archive, Optional<Platform> platform, Progress progress)
      throws IOException {
    AtomicBoolean left = new AtomicBoolean(true);
    try (Hold hold = layers.hold("load of an archive")) {
      return load(hold, archive, platform, new Meter(progress), left);
    } finally {
      if (left.get()) {
        tidy.run();
      }
    }
  }

  private LoadReport load(
      Hold hold, InputStream archive, Optional<Platform> platform, Meter meter, AtomicBoolean left)
      throws IOException {
    InputStream tar = Compression.open(new Unclosed(archive), Limits.none()).stream();
    ArchiveReader reader = new ArchiveReader(layers, blobs, catalog, hold, meter);
    Map<StoredImage, List<Reference>> recorded = new LinkedHashMap<>();
    Map<Reference, ImageIndex> lists = new LinkedHashMap<>();
    try (ArchiveContent content = reader.content()) {
      reader.read(tar);
      Map<String, LayerIntake.Arrived> arrived = new HashMap<>();
      ArchiveIndexes indexes = new ArchiveIndexes(images, content);
      for (ArchivePlan.Planned planned : ArchivePlan.of(content, platform)) {
        StoredImage image = image(hold, content, arrived, planned);
        recorded.merge(image, planned.tags(), ImageLoader::both);
        planned
            .lists()
            .forEach((name, raw) ->
                indexes.keep(hold.lease(), raw, image).ifPresent(list -> lists.put(name, list)));
      }
    }
    List<String> renamed = renamed(recorded);
    left.set(catalog.record(recorded, lists));
    renamed.forEach(meter::line);
    return report(recorded, meter);
  }

  private static List<Reference> both(List<Reference> a, List<Reference> b) {
    List<Reference> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  private StoredImage image(
      Hold hold,
      ArchiveContent content,
      Map<String, LayerIntake.Arrived> arrived,
      ArchivePlan.Planned planned)
      throws IOException {
    ImageConfig config =
        Json.read(planned.config().bytes(), ImageConfig.class, "image configuration");
    Digest id = planned.config().digest();
    List<Digest> diffIds = config.rootfs() == null ? List.of() : config.rootfs().diffIds();
    if (diffIds.size() != planned.layers().size()) {
      throw new Fault.InvalidArgument(
          "invalid image archive: image "
              + id.shortHex()
              + " has "
              + diffIds.size()
              + " layers in its configuration and "
              + planned.layers().size()
              + " in its manifest");
    }
    List<ArchiveContent.Entry> entries = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      String name = planned.layers().get(i);
      ArchiveContent.Entry entry = content.layer(name);
      LayerIntake.Arrived layer = arrived.get(name);
      if (layer == null) {
        layer = entry.await();
        arrived.put(name, layer);
      }
      requireDiffId(id, name, diffIds.get(i), layer);
      entries.add(entry);
    }
    List<Layer> placed = new ArrayList<>();
    Optional<Digest> parent = Optional.empty();
    for (ArchiveContent.Entry entry : entries) {
      Layer layer = layers.settle(hold, entry.await(), entry.takeFill(), parent);
      placed.add(layer);
      parent = Optional.of(layer.chainId());
    }
    return stored(hold, planned, placed);
  }

  private static void requireDiffId(
      Digest image, String name, Digest wanted, LayerIntake.Arrived layer) {
    if (!layer.diffId().equals(wanted)) {
      throw new Fault.DataLoss(
          "invalid image archive: layer \""
              + name
              + "\" of image "
              + image.shortHex()
              + " has the diff id "
              + layer.diffId()
              + ", its configuration says "
              + wanted
              + ": the archive is damaged");
    }
  }

  private StoredImage stored(Hold hold, ArchivePlan.Planned planned, List<Layer> placed) {
    Descriptor config = images.put(hold.lease(), MediaType.OCI_CONFIG, planned.config().bytes());
    Descriptor manifest;
    Optional<ArchivePlan.RawManifest> raw = planned.manifest().filter(m -> fits(m, placed));
    if (raw.isPresent()) {
      manifest =
          images.put(
              hold.lease(), raw.get().descriptor().mediaType(), raw.get().document().bytes());
    } else {
      Manifest made = Manifest.oci(config, placed.stream().map(Layer::blob).toList());
      manifest = images.put(hold.lease(), MediaType.OCI_MANIFEST, Json.write(made));
    }
    return new StoredImage(
        config.digest(),
        config,
        manifest,
        placed,
        Optional.empty(),
        catalog.now(),
        Optional.empty(),
        false,
        false);
  }

  private static boolean fits(ArchivePlan.RawManifest raw, List<Layer> placed) {
    return raw.manifest().layers().stream()
        .map(Descriptor::digest)
        .toList()
        .equals(placed.stream().map(l -> l.blob().digest()).toList());
  }

  private List<String> renamed(Map<StoredImage, List<Reference>> recorded) {
    List<String> lines = new ArrayList<>();
    recorded.forEach((image, tags) ->
        tags.forEach(tag ->
            catalog
                .find(tag)
                .filter(old -> !old.id().equals(image.id()))
                .ifPresent(old ->
                    lines.add(
                        "The image "
                            + tag.familiar()
                            + " already exists, renaming the old one with ID "
                            + old.id()
                            + " to empty string"))));
    return lines;
  }

  private LoadReport report(Map<StoredImage, List<Reference>> recorded, Meter meter) {
    List<Image> loaded = new ArrayList<>();
    recorded.forEach((stored, tags) -> {
      catalog
          .find(stored.id())
          .ifPresent(image -> {
            loaded.add(image);
            events.accept(Removal.event(ImageEvent.Action.LOAD, image, image.id().toString()));
          });
      if (tags.isEmpty()) {
        meter.line("Loaded image ID: " + stored.id());
      }
      tags.forEach(tag -> meter.line("Loaded image: " + tag.familiar()));
    });
    return new LoadReport(loaded);
  }
}
