package dev.kemas.image;

import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.util.List;
import java.util.Optional;

/**
 * What a file system is to become.
 *
 * @param name the image's name; empty for a dangling image
 * @param changes instructions for its configuration: {@link ConfigChanges}
 * @param message the image's comment; {@code Imported from -} when it is empty
 * @param platform what it is for; empty for this machine's
 */
public record ImportRequest(
    Optional<Reference> name, List<String> changes, String message, Optional<Platform> platform) {
  public ImportRequest {
    changes = List.copyOf(changes);
  }
}
