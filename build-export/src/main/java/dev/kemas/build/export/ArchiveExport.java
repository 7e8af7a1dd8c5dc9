package dev.kemas.build.export;

import dev.kemas.build.Attestor;
import dev.kemas.build.Export;
import dev.kemas.build.ImageReport;
import dev.kemas.fault.Fault;
import dev.kemas.image.Hold;
import dev.kemas.image.ImageList;
import dev.kemas.image.ImageService;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@link Export} into an archive that {@code docker load} and every tool for OCI layouts read; the
 * engine's images stay as they are.
 */
public final class ArchiveExport implements Export {
  /** Which readers it is meant for; the archive serves both. */
  public enum Kind {
    /** An OCI image layout. */
    OCI,
    /** What {@code docker load} reads: one platform. */
    DOCKER
  }

  private final ExportOptions.Archive options;
  private final Attestor attestor;
  private final ImageService images;
  private final Destination to;

  /**
   * An archive.
   *
   * @param attestor says what is attached
   */
  public ArchiveExport(
      ExportOptions.Archive options, Attestor attestor, ImageService images, Destination to) {
    this.options = options;
    this.attestor = attestor;
    this.images = images;
    this.to = to;
  }

  @Override
  public String title() {
    return options.kind() == Kind.OCI
        ? "exporting to oci image format"
        : "exporting to docker image format";
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    if (options.kind() == Kind.DOCKER && options.form().isList(delivery, attestor)) {
      throw new Fault.InvalidArgument(
          "docker exporter does not support exporting manifest lists, which several platforms and"
              + " what is attached need: use type=oci");
    }
    try (Hold hold = images.layers().hold("archive of " + options.names())) {
      ImageList list =
          options
              .form()
              .images(
                  delivery, options.names(), attestor, Optional.empty(), images.exchange(), hold);
      Descriptor top =
          Streams.write("the archive", to, out -> images.saver().write(list, options.names(), out));
      delivery.progress().say("sending tarball");
      Digest config = delivery.results().getFirst().id();
      Map<String, String> told = new TreeMap<>(ImageReport.of(top, config));
      if (!options.names().isEmpty()) {
        told.put(
            "image.name",
            options.names().stream()
                .map(name -> name.withDefaultTag().toString())
                .collect(Collectors.joining(",")));
      }
      return told;
    } finally {
      images.tidy().run();
    }
  }
}
