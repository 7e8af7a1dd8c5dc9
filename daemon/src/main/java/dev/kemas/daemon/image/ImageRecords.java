package dev.kemas.daemon.image;

import dev.kemas.api.ContainerInspect;
import dev.kemas.api.ImageDeleted;
import dev.kemas.api.ImageHistoryItem;
import dev.kemas.api.ImageInspect;
import dev.kemas.api.ImageSummary;
import dev.kemas.api.ManifestSummary;
import dev.kemas.api.Timestamps;
import dev.kemas.image.HistoryEntry;
import dev.kemas.image.Image;
import dev.kemas.image.ImageIndex;
import dev.kemas.image.Removed;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Reference;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** From the engine's records of images to the API's. */
public final class ImageRecords {
  private ImageRecords() {}

  /** A line of the list. */
  public static ImageSummary summary(Image image, int containers) {
    return new ImageSummary(
        image.id().toString(),
        image.parent().map(Digest::toString).orElse(""),
        familiar(image.tags()),
        familiar(image.digests()),
        image.config().created().map(OffsetDateTime::toEpochSecond).orElse(0L),
        image.size(),
        -1,
        image.config().defaults().labels(),
        containers,
        Optional.empty(),
        Optional.empty());
  }

  /** An image's manifest, as a list or alone, with who uses it. */
  static ManifestSummary manifest(Image image, Descriptor named, List<String> containers) {
    long content =
        image.manifest().size() + image.layers().stream().mapToLong(l -> l.blob().size()).sum();
    return new ManifestSummary(
        named.digest().toString(),
        named,
        true,
        new ManifestSummary.Sizes(content, content + image.size()),
        "image",
        Optional.of(
            new ManifestSummary.ImageData(
                image.config().platform(), containers, new ManifestSummary.Unpacked(image.size()))),
        Optional.empty());
  }

  /** A manifest of statements about an image. */
  static ManifestSummary manifest(ImageIndex.Attested attested) {
    long content =
        attested.manifest().size() + attested.blobs().stream().mapToLong(Descriptor::size).sum();
    return new ManifestSummary(
        attested.manifest().digest().toString(),
        attested.manifest(),
        true,
        new ManifestSummary.Sizes(content, content),
        "attestation",
        Optional.empty(),
        Optional.of(new ManifestSummary.AttestationData(attested.subject().toString())));
  }

  static ImageInspect inspect(Image image) {
    ImageConfig config = image.config();
    SortedMap<String, String> driver = new TreeMap<>();
    image.snapshot().ifPresent(name -> driver.put("Snapshot", name.toString()));
    return new ImageInspect(
        image.id().toString(),
        Optional.of(image.manifest()),
        Optional.empty(),
        familiar(image.tags()),
        familiar(image.digests()),
        image.parent().map(Digest::toString).orElse(""),
        config.comment().orElse(""),
        config.created().map(time -> Timestamps.nano(time.toInstant())),
        "",
        config.author().orElse(""),
        ImageInspect.Config.of(config.defaults()),
        config.architecture(),
        config.variant(),
        config.os(),
        image.size(),
        new ContainerInspect.GraphDriver("overlay2", driver),
        new ImageInspect.RootFs(
            "layers", image.layers().stream().map(l -> l.diffId().toString()).toList()),
        new ImageInspect.Metadata(Timestamps.nanoOrNever(image.taggedAt())));
  }

  static ImageHistoryItem history(HistoryEntry entry) {
    return new ImageHistoryItem(
        entry.image().map(Digest::toString).orElse("<missing>"),
        entry.created().equals(Instant.EPOCH) ? 0 : entry.created().getEpochSecond(),
        entry.createdBy(),
        entry.tags(),
        entry.size(),
        entry.comment());
  }

  static ImageDeleted deleted(Removed removed) {
    return switch (removed) {
      case Removed.Untagged untagged -> ImageDeleted.untagged(untagged.name());
      case Removed.Deleted deleted -> ImageDeleted.deleted(deleted.id().toString());
    };
  }

  private static List<String> familiar(List<Reference> names) {
    return names.stream().map(Reference::familiar).toList();
  }
}
