package dev.kemas.image;

import dev.kemas.oci.Digest;

/**
 * An image to be part of an index.
 *
 * @param content the image
 * @param attestations what is said of it
 * @param form how its documents are written
 */
public record PlatformImage(Content content, Attestation.Source attestations, ImageForm form) {

  /** In the usual form. */
  public PlatformImage(Content content, Attestation.Source attestations) {
    this(content, attestations, ImageForm.PLAIN);
  }

  /** Where the image comes from. */
  public sealed interface Content {}

  /** One that is here. */
  public record Here(Digest id) implements Content {}

  /** One that was made; its tags are of no meaning. */
  public record Made(NewImage image) implements Content {}
}
