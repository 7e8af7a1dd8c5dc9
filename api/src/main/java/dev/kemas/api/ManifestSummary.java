package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Platform;
import java.util.List;
import java.util.Optional;

/**
 * One manifest of an image, in a list of images that was asked for {@code manifests}.
 *
 * @param id digest of the manifest
 * @param available whether configuration and layers are here
 * @param kind {@code image}, {@code attestation} or {@code unknown}
 */
@JsonNaming(UpperCamelCaseStrategy.class)
public record ManifestSummary(
    @JsonProperty("ID") String id,
    Descriptor descriptor,
    boolean available,
    Sizes size,
    String kind,
    Optional<ImageData> imageData,
    Optional<AttestationData> attestationData) {

  /**
   * What a statement is about.
   *
   * @param subject digest of an image's manifest
   */
  public record AttestationData(@JsonProperty("For") String subject) {}

  /**
   * Bytes.
   *
   * @param content of the blobs
   * @param total of the blobs and the files of the layers
   */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Sizes(long content, long total) {}

  /**
   * What is known of an image.
   *
   * @param containers ids of those that use it
   */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record ImageData(Platform platform, List<String> containers, Unpacked size) {}

  /** Bytes of the files in all layers. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Unpacked(long unpacked) {}
}
