package dev.kemas.content;

import dev.kemas.oci.Digest;
import java.time.Instant;

/**
 * A blob that is there, whole and verified.
 *
 * @param digest its name
 * @param size bytes
 * @param touchedAt when it was committed last; committing a blob that is there already renews it,
 *     so that a garbage collector can spare what somebody has just asked for
 */
public record BlobInfo(Digest digest, long size, Instant touchedAt) {}
