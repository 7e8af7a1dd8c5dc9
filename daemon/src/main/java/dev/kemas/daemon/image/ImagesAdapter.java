package dev.kemas.daemon.image;

import dev.kemas.api.Filters;
import dev.kemas.api.ImageDeleted;
import dev.kemas.api.ImageHistoryItem;
import dev.kemas.api.ImageInspect;
import dev.kemas.api.ImageSummary;
import dev.kemas.api.PruneReport;
import dev.kemas.api.server.ImagesBackend;
import dev.kemas.image.Image;
import dev.kemas.image.ImageFilter;
import dev.kemas.image.ImageUse;
import dev.kemas.image.Images;
import dev.kemas.image.Layer;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Images as objects. */
public final class ImagesAdapter implements ImagesBackend {
  private final Images images;
  private final ImageUse use;

  /** Adapts these two. */
  public ImagesAdapter(Images images, ImageUse use) {
    this.images = images;
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
    List<String> containers =
        use.usersOf(image.id()).stream().map(ImageUse.User::containerId).toList();
    return summary.withManifests(
        image.manifest(), List.of(ImageRecords.manifest(image, containers)), containers.size());
  }

  @Override
  public ImageInspect inspect(String image) {
    return ImageRecords.inspect(images.get(image));
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
