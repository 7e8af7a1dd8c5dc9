package dev.kemas.image;

import dev.kemas.oci.Digest;

/**
 * An image to be part of an index.
 *
 * @param content the image
 * @param attestations what is said of it
 */
public record PlatformImage(Content content, Attestation.Source attestations) {

  /** Where the image comes from. */
  public sealed interface Content {}

  /** One that is here. */
  public record Here(Digest id) implements Content {}

  /** One that was made; its tags are of no meaning. */
  public record Made(NewImage image) implements Content {}
}
