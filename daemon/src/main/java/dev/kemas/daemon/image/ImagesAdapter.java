package dev.kemas.daemon.image;

import dev.kemas.api.Filters;
import dev.kemas.api.ImageDeleted;
import dev.kemas.api.ImageHistoryItem;
import dev.kemas.api.ImageInspect;
import dev.kemas.api.ImageSummary;
import dev.kemas.api.ManifestSummary;
import dev.kemas.api.PruneReport;
import dev.kemas.api.server.ImagesBackend;
import dev.kemas.image.Image;
import dev.kemas.image.ImageFilter;
import dev.kemas.image.ImageIndex;
import dev.kemas.image.ImageIndexes;
import dev.kemas.image.ImageUse;
import dev.kemas.image.Images;
import dev.kemas.image.Layer;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Images as objects. */
public final class ImagesAdapter implements ImagesBackend {
  private final Images images;
  private final ImageIndexes indexes;
  private final ImageUse use;

  /** Adapts these. */
  public ImagesAdapter(Images images, ImageIndexes indexes, ImageUse use) {
    this.images = images;
    this.indexes = indexes;
    this.use = use;
  }

  @Override
  public List<ImageSummary> list(ListQuery query) {
    Map<Digest, Integer> users = query.sharedSize() ? usersOfLayers() : Map.of();
    return images.list(filter(query.filters()), query.all()).stream()
        .map(image -> {
          ImageSummary summary = ImageRecords.summary(image, -1);
          if (query.sharedSize()) {
            summary = summary.withSizes(image.size(), shared(image, users));
          }
          return query.manifests() ? withManifests(summary, image) : summary;
        })
        .toList();
  }

  /** How many images have each layer at its place. */
  private Map<Digest, Integer> usersOfLayers() {
    Map<Digest, Integer> users = new HashMap<>();
    for (Image image : images.list(ImageFilter.ALL, true)) {
      image.layers().forEach(layer -> users.merge(layer.chainId(), 1, Integer::sum));
    }
    return users;
  }

  private static long shared(Image image, Map<Digest, Integer> users) {
    return image.layers().stream()
        .filter(layer -> users.getOrDefault(layer.chainId(), 0) > 1)
        .mapToLong(Layer::size)
        .sum();
  }

  private ImageSummary withManifests(ImageSummary summary, Image image) {
    Optional<ImageIndex> index = indexes.of(image);
    List<ManifestSummary> manifests = manifests(image, index);
    long containers =
        manifests.stream()
            .flatMap(m -> m.imageData().stream())
            .mapToLong(data -> data.containers().size())
            .sum();
    return summary.withManifests(named(image, index), manifests, (int) containers);
  }

  private static Descriptor named(Image image, Optional<ImageIndex> index) {
    return index.map(ImageIndex::descriptor).orElse(image.manifest());
  }

  private List<ManifestSummary> manifests(Image image, Optional<ImageIndex> index) {
    if (index.isEmpty()) {
      return List.of(ImageRecords.manifest(image, image.manifest(), containers(image)));
    }
    List<ManifestSummary> all = new ArrayList<>();
    for (ImageIndex.Part part : index.get().images()) {
      images
          .find(part.image())
          .ifPresent(one -> all.add(ImageRecords.manifest(one, part.manifest(), containers(one))));
    }
    index.get().attestations().forEach(said -> all.add(ImageRecords.manifest(said)));
    return all;
  }

  private List<String> containers(Image image) {
    return use.usersOf(image.id()).stream().map(ImageUse.User::containerId).toList();
  }

  @Override
  public ImageInspect inspect(String nameOrId, boolean manifests) {
    Image image = images.get(nameOrId);
    Optional<ImageIndex> index = indexes.of(image, nameOrId);
    return ImageRecords.inspect(image)
        .withManifests(
            named(image, index),
            manifests ? Optional.of(manifests(image, index)) : Optional.empty());
  }

  @Override
  public List<ImageHistoryItem> history(String image) {
    return images.history(image).stream().map(ImageRecords::history).toList();
  }

  @Override
  public void tag(String image, String reference) {
    images.tag(image, Reference.parse(reference));
  }

  @Override
  public List<ImageDeleted> remove(String image, boolean force, boolean prune) {
    return images.remove(image, force, !prune).stream().map(ImageRecords::deleted).toList();
  }

  @Override
  public PruneReport prune(Filters filters) {
    dev.kemas.image.PruneReport report = images.prune(filter(filters));
    return PruneReport.images(
        report.removed().stream().map(ImageRecords::deleted).toList(), report.bytes());
  }

  private static ImageFilter filter(Filters filters) {
    Map<String, List<String>> lists = new TreeMap<>();
    filters.byName().forEach((name, values) -> lists.put(name, List.copyOf(values)));
    return ImageFilter.of(lists, Instant.now());
  }
}
