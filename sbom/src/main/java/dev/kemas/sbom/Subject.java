package dev.kemas.sbom;

import dev.kemas.oci.Digest;
import java.time.Instant;
import java.util.Optional;

/**
 * What a bill of materials is of.
 *
 * @param name what people call it
 * @param digest of its manifest, where it has one already
 * @param created the time to be written, to the second; passed in, so that the same inventory gives
 *     the same bytes
 * @param toolVersion of this program
 */
public record Subject(String name, Optional<Digest> digest, Instant created, String toolVersion) {
  static final String TOOL = "kemas";
}
