package dev.kemas.image;

import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import java.util.List;

/**
 * A list of manifests that a name stands for: images for several platforms, statements about them,
 * or both. It is recorded under the name; the name's owner is one of its images.
 *
 * @param descriptor of the list itself
 * @param images one a platform
 * @param attestations what is said of them
 * @param ours made here: when an image of it is packed otherwise for a push, the list is made anew
 */
public record ImageIndex(
    Descriptor descriptor, List<Part> images, List<Attested> attestations, boolean ours) {
  public ImageIndex {
    images = List.copyOf(images);
    attestations = List.copyOf(attestations);
  }

  /**
   * One image.
   *
   * @param image its id
   * @param manifest as the list names it, with its platform
   */
  public record Part(Digest image, Descriptor manifest) {}

  /**
   * The statements about one image.
   *
   * @param subject the manifest that they are about
   * @param manifest theirs, as the list names it
   * @param blobs its configuration, then the statements
   */
  public record Attested(Digest subject, Descriptor manifest, List<Descriptor> blobs) {
    public Attested {
      blobs = List.copyOf(blobs);
    }
  }
}
