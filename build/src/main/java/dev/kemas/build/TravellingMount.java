package dev.kemas.build;

import dev.kemas.dockerfile.Mount.Sharing;
import dev.kemas.oci.Digest;
import java.util.Optional;

/**
 * A folder of {@code RUN --mount=type=cache} as other machines know it, too.
 *
 * @param id as the Dockerfile has it
 * @param base names what it began with; folders that began otherwise are others
 * @param sharing how the step has it, and so how it is lent to who reads it
 */
public record TravellingMount(String id, Optional<Digest> base, Sharing sharing) {
  /** Its name: the same on each machine, 24 hex digits. */
  public String key() {
    return CacheMounts.key(id, base);
  }
}
