package dev.kemas.build;

import dev.kemas.build.plan.HistoryItem;
import dev.kemas.build.plan.Plan;
import dev.kemas.build.plan.PlannedStage;
import dev.kemas.image.Image;
import dev.kemas.image.Layer;
import dev.kemas.image.NewImage;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Platform;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The image of a solved plan. A pure function of the plan and of what the cache remembers, times
 * included: the same build done again gives the same image id.
 */
final class ImageAssembly {
  private ImageAssembly() {}

  static NewImage assemble(
      Plan plan,
      FileSystem fileSystem,
      Map<HistoryItem, CacheIndex.Entry> entries,
      Optional<Instant> epoch) {
    PlannedStage target = plan.target();
    Optional<Image> base = fileSystem.base();
    List<ImageConfig.History> history = new ArrayList<>();
    Optional<Instant> created = Optional.empty();
    for (HistoryItem item : target.history()) {
      switch (item) {
        case HistoryItem.Inherited inherited -> history.add(inherited.entry());
        case HistoryItem.Made made -> {
          Optional<CacheIndex.Entry> entry = Optional.ofNullable(entries.get(made));
          Optional<Instant> at = epoch.or(() -> entry.map(CacheIndex.Entry::created));
          created = at.isPresent() ? at : created;
          history.add(
              new ImageConfig.History(
                  at.map(ImageAssembly::time),
                  Optional.of(made.createdBy()),
                  made.author().isEmpty() ? Optional.empty() : Optional.of(made.author()),
                  Optional.empty(),
                  entry.flatMap(CacheIndex.Entry::layer).isEmpty()));
        }
      }
    }
    Platform platform = base.map(image -> image.config().platform()).orElse(plan.platform());
    ImageConfig config =
        new ImageConfig(
            created
                .map(ImageAssembly::time)
                .or(() -> base.flatMap(image -> image.config().created())),
            target.author().isEmpty() ? Optional.empty() : Optional.of(target.author()),
            platform.architecture(),
            platform.os(),
            platform.variant(),
            platform.osVersion(),
            Optional.of(target.config()),
            ImageConfig.RootFs.of(fileSystem.layers().stream().map(Layer::diffId).toList()),
            history,
            Optional.empty());
    return new NewImage(config, fileSystem.layers(), base.map(Image::id), List.of());
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
