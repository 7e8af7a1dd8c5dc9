package dev.kemas.build;

import dev.kemas.image.Attestation;
import dev.kemas.oci.Reference;
import java.util.List;

/** Says what is to be attached to an image that was built. */
@FunctionalInterface
public interface Attestor {
  /** Nothing. */
  Attestor NONE = (built, delivery, names) -> Attestation.Source.NONE;

  /**
   * Looks at an image, which may take as long as reading its files does. The statements are made
   * when the image has a manifest.
   *
   * @param names that the image gets
   */
  Attestation.Source about(Built built, Export.Delivery delivery, List<Reference> names);
}
