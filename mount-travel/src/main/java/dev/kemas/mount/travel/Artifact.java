package dev.kemas.mount.travel;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The manifest that names index and chunks of one mount (image-spec, "artifacts usage"). */
final class Artifact {
  static final String TYPE = "application/vnd.kemas.mount.v1";
  private static final String MOUNT = "dev.kemas.mount.id";

  /** The content of an empty configuration (image-spec, manifest.md). */
  static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);

  static final Descriptor EMPTY_CONFIG =
      Descriptor.of("application/vnd.oci.empty.v1+json", Digest.of(EMPTY), EMPTY.length);

  private Artifact() {}

  static byte[] manifest(String id, Descriptor index, List<Chunk> chunks) {
    List<Descriptor> layers = new ArrayList<>();
    layers.add(index);
    chunks.stream().map(Chunk::descriptor).distinct().forEach(layers::add);
    return Json.write(
        new Manifest(
            2,
            Optional.of(MediaType.OCI_MANIFEST),
            Optional.of(TYPE),
            EMPTY_CONFIG,
            layers,
            Optional.empty(),
            Map.of(MOUNT, id)));
  }

  /**
   * The index that a place has.
   *
   * @return empty when there is no artifact
   * @throws Fault.DataLoss when there is one that cannot be
   * @throws Fault.ResourceExhausted when it is of more than these limits
   */
  static Optional<MountIndex> index(MountPlace place, TravelLimits limits) {
    Optional<byte[]> bytes = place.manifest();
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    Descriptor index = indexOf(bytes.get());
    if (index.size() < 0 || index.size() > TravelLimits.MOST_PACKED_INDEX) {
      throw new Fault.ResourceExhausted(
          "its index has %d bytes, more than the %d allowed"
              .formatted(index.size(), TravelLimits.MOST_PACKED_INDEX));
    }
    return Optional.of(MountIndex.read(blob(place, index), limits));
  }

  private static Descriptor indexOf(byte[] bytes) {
    if (bytes.length > TravelLimits.MOST_MANIFEST) {
      throw new Fault.ResourceExhausted("its manifest has " + bytes.length + " bytes");
    }
    try {
      Manifest manifest = Json.read(bytes, Manifest.class, "manifest of a cache mount");
      boolean ours = manifest.artifactType().filter(TYPE::equals).isPresent();
      if (!ours
          || manifest.layers().isEmpty()
          || !MountIndex.MEDIA_TYPE.equals(manifest.layers().getFirst().mediaType())) {
        throw new Fault.DataLoss("what is there is no cache mount");
      }
      return manifest.layers().getFirst();
    } catch (Fault.InvalidArgument e) {
      throw new Fault.DataLoss("its manifest cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * A blob, whole and verified.
   *
   * @throws Fault.DataLoss when it is not what its digest says
   */
  static byte[] blob(MountPlace place, Descriptor blob) {
    try (InputStream in = place.open(blob)) {
      byte[] bytes = in.readNBytes(Math.toIntExact(blob.size()) + 1);
      if (bytes.length != blob.size() || !Digest.of(bytes).equals(blob.digest())) {
        throw new Fault.DataLoss("blob %s is not what its digest says".formatted(blob.digest()));
      }
      return bytes;
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "blob %s cannot be read: %s".formatted(blob.digest(), e.getMessage()), e);
    }
  }
}
