package dev.kemas.image;

import dev.kemas.oci.Digest;
import java.util.List;

/**
 * A statement about an image, as in-toto has them.
 *
 * @param predicateType what kind of statement it is, a URI
 * @param statement JSON, UTF-8; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record Attestation(String predicateType, byte[] statement) {

  /** Makes statements about an image as soon as the digest of its manifest is known. */
  @FunctionalInterface
  public interface Source {
    /** The statements; none are no mistake. */
    List<Attestation> of(Digest manifest);

    /** No statements. */
    Source NONE = manifest -> List.of();
  }
}
