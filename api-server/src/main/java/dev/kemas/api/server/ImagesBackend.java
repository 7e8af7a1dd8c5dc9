package dev.kemas.api.server;

import dev.kemas.api.Filters;
import dev.kemas.api.ImageDeleted;
import dev.kemas.api.ImageHistoryItem;
import dev.kemas.api.ImageInspect;
import dev.kemas.api.ImageSummary;
import dev.kemas.api.PruneReport;
import java.util.List;

/** What the endpoints about images as objects need; an image is meant by reference or id. */
public interface ImagesBackend {
  /**
   * What a list shall show.
   *
   * @param all also images without a name that others were made on
   * @param sharedSize also what each shares with others
   * @param manifests also the manifests of each
   */
  record ListQuery(Filters filters, boolean all, boolean sharedSize, boolean manifests) {}

  /** Those that match. */
  List<ImageSummary> list(ListQuery query);

  /**
   * All about one.
   *
   * @param manifests also those of a list that the name stands for
   */
  ImageInspect inspect(String image, boolean manifests);

  /** How it was made, the latest step first. */
  List<ImageHistoryItem> history(String image);

  /** Gives one a further reference. */
  void tag(String image, String reference);

  /**
   * Takes a reference away, and the image when it was the last.
   *
   * @param force also when an ended container uses it
   * @param prune its untagged parents too
   */
  List<ImageDeleted> remove(String image, boolean force, boolean prune);

  /** Removes those that are not used. */
  PruneReport prune(Filters filters);
}
