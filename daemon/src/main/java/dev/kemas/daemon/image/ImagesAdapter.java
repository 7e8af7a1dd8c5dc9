package dev.kemas.daemon.image;

import dev.kemas.api.Filters;
import dev.kemas.api.ImageDeleted;
import dev.kemas.api.ImageHistoryItem;
import dev.kemas.api.ImageInspect;
import dev.kemas.api.ImageSummary;
import dev.kemas.api.PruneReport;
import dev.kemas.api.server.ImagesBackend;
import dev.kemas.image.ImageFilter;
import dev.kemas.image.Images;
import dev.kemas.oci.Reference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Images as objects. */
public final class ImagesAdapter implements ImagesBackend {
  private final Images images;

  public ImagesAdapter(Images images) {
    this.images = images;
  }

  @Override
  public List<ImageSummary> list(Filters filters, boolean all) {
    return images.list(filter(filters), all).stream()
        .map(image -> ImageRecords.summary(image, -1))
        .toList();
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
