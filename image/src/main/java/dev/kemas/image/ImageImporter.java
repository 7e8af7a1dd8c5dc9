package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Platform;
import dev.kemas.oci.ProcessDefaults;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes an image of one layer of a file system in a tar archive. Thread-safe. */
public final class ImageImporter {
  private final Layers layers;
  private final Images images;
  private final Consumer<ImageEvent> events;
  private final Clock clock;
  private final Runnable tidy;

  ImageImporter(
      Layers layers, Images images, Consumer<ImageEvent> events, Clock clock, Runnable tidy) {
    this.layers = layers;
    this.images = images;
    this.events = events;
    this.clock = clock;
    this.tidy = tidy;
  }

  /**
   * Imports an archive, compressed or not. The stream is not closed.
   *
   * @param progress gets the image's id
   * @throws Fault.InvalidArgument when the archive is malformed or a change is not understood
   * @throws IOException what reading the stream threw
   */
  public Image importTar(InputStream tar, ImportRequest request, Progress progress)
      throws IOException {
    if (request.name().filter(n -> n.digest().isPresent()).isPresent()) {
      throw new Fault.InvalidArgument("cannot import digest reference");
    }
    ProcessDefaults defaults = ConfigChanges.apply(ProcessDefaults.NONE, request.changes());
    Optional<String> comment =
        Optional.of(request.message().isEmpty() ? "Imported from -" : request.message());
    OffsetDateTime now = OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    ImageConfig.History step =
        new ImageConfig.History(
            Optional.of(now), Optional.empty(), Optional.empty(), comment, false);
    Platform platform = request.platform().orElseGet(Platform::host);
    ImageConfig config =
        new ImageConfig(
            Optional.of(now),
            Optional.empty(),
            platform.architecture(),
            platform.os(),
            platform.variant(),
            platform.osVersion(),
            Optional.of(defaults),
            ImageConfig.RootFs.of(List.of()),
            List.of(step),
            comment);
    Image image = importTar(tar, config, request);
    progress.status(image.id().toString());
    events.accept(
        Removal.event(
            ImageEvent.Action.IMPORT,
            image,
            request.name().map(n -> n.withDefaultTag().familiar()).orElse(image.id().toString())));
    return image;
  }

  /** The archive as the one layer of an image of this configuration. */
  Image importTar(InputStream tar, ImageConfig config, ImportRequest request) throws IOException {
    boolean done = false;
    try (Hold hold = layers.hold("import of an archive")) {
      Layer layer = layers.add(hold, tar, Optional.empty());
      Image image =
          images.add(
              new NewImage(
                  config, List.of(layer), Optional.empty(), request.name().stream().toList()));
      done = true;
      return image;
    } finally {
      if (!done) {
        tidy.run();
      }
    }
  }
}
