package dev.kemas.build.export;

import dev.kemas.build.Attestor;
import dev.kemas.build.Built;
import dev.kemas.build.Export;
import dev.kemas.fault.Fault;
import dev.kemas.image.ImageService;
import dev.kemas.image.PlatformImage;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

  private final Kind kind;
  private final List<Reference> names;
  private final Attestor attestor;
  private final ImageService images;
  private final Destination to;

  /**
   * An archive.
   *
   * @param names that it gives the image
   * @param attestor says what is attached
   */
  public ArchiveExport(
      Kind kind, List<Reference> names, Attestor attestor, ImageService images, Destination to) {
    this.kind = kind;
    this.names = List.copyOf(names);
    this.attestor = attestor;
    this.images = images;
    this.to = to;
  }

  @Override
  public String title() {
    return kind == Kind.OCI ? "exporting to oci image format" : "exporting to docker image format";
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    if (kind == Kind.DOCKER && delivery.results().size() > 1) {
      throw new Fault.InvalidArgument(
          "docker exporter does not support exporting manifest lists: use type=oci, or build for"
              + " one platform");
    }
    List<PlatformImage> parts = new ArrayList<>();
    for (Built built : delivery.results()) {
      delivery.cancelled().check();
      parts.add(new PlatformImage(content(built), attestor.about(built, delivery, names)));
    }
    Digest top = Streams.write("the archive", to, out -> images.saver().write(parts, names, out));
    delivery.progress().say("sending tarball");
    Digest config = delivery.results().getFirst().id();
    return Map.of(
        "containerimage.digest", top.toString(), "containerimage.config.digest", config.toString());
  }

  private static PlatformImage.Content content(Built built) {
    return built
        .unchanged()
        .<PlatformImage.Content>map(image -> new PlatformImage.Here(image.id()))
        .orElseGet(() -> new PlatformImage.Made(built.image()));
  }
}
