package dev.kemas.image;

import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Reference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The steps of an image with the layers they left. */
final class HistoryReader {
  private HistoryReader() {}

  /**
   * @param find looks parents up, so that steps made here show the image they ended with
   */
  static List<HistoryEntry> read(Image image, Function<Digest, Optional<Image>> find) {
    List<HistoryEntry> entries = new ArrayList<>();
    int layer = 0;
    for (ImageConfig.History step : image.config().history()) {
      long size = 0;
      if (!step.emptyLayer() && layer < image.layers().size()) {
        size = image.layers().get(layer++).size();
      }
      entries.add(
          new HistoryEntry(
              Optional.empty(),
              step.created().map(t -> t.toInstant()).orElse(Instant.EPOCH),
              step.createdBy().orElse(""),
              List.of(),
              size,
              step.comment().orElse("")));
    }
    Collections.reverse(entries);
    Optional<Image> at = Optional.of(image);
    for (int i = 0; i < entries.size() && at.isPresent(); i++) {
      Image known = at.get();
      HistoryEntry e = entries.get(i);
      entries.set(
          i,
          new HistoryEntry(
              Optional.of(known.id()),
              e.created(),
              e.createdBy(),
              known.tags().stream().map(Reference::familiar).toList(),
              e.size(),
              e.comment()));
      int length = entries.size() - i;
      at =
          known
              .parent()
              .flatMap(find)
              .filter(parent -> parent.config().history().size() == length - 1);
    }
    return List.copyOf(entries);
  }
}
