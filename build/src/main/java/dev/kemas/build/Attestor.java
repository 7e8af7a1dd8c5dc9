package dev.kemas.build;

import dev.kemas.image.Attestation;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.util.List;
import java.util.SortedMap;

/** Says what is to be attached to what was built. */
public interface Attestor {
  /** Nothing. */
  Attestor NONE =
      new Attestor() {
        @Override
        public boolean wants(boolean list) {
          return false;
        }

        @Override
        public Attestation.Source about(
            Built built, Export.Delivery delivery, List<Reference> names) {
          return Attestation.Source.NONE;
        }
      };

  /**
   * Whether there is something to attach; yes unless an attestor knows better.
   *
   * @param list whether the result is a list of manifests already, so that attaching changes
   *     nothing of what it is
   */
  default boolean wants(boolean list) {
    return true;
  }

  /**
   * Looks at an image, which may take as long as reading its files does. The statements are made
   * when the image has a manifest.
   *
   * @param names that the image gets
   */
  Attestation.Source about(Built built, Export.Delivery delivery, List<Reference> names);

  /**
   * The statements about files that are delivered without an image; none unless an attestor has
   * some for them.
   *
   * @param contents the regular files by their paths
   */
  default List<StatementFile> files(
      Built built, Export.Delivery delivery, SortedMap<String, Digest> contents) {
    return List.of();
  }

  /**
   * A statement that lies beside the files.
   *
   * @param name {@code provenance.json}
   * @param statement JSON, UTF-8; not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record StatementFile(String name, byte[] statement) {}
}
