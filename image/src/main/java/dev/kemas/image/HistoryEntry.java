package dev.kemas.image;

import dev.kemas.oci.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One line of {@code docker history}, newest first.
 *
 * @param image the image that ended with this step; empty where none is known: {@code <missing>}
 * @param created when; the epoch where the image does not say
 * @param createdBy the command
 * @param tags names of that image, as people write them
 * @param size bytes of the files in the layer; 0 for a step without one
 * @param comment free text
 */
public record HistoryEntry(
    Optional<Digest> image,
    Instant created,
    String createdBy,
    List<String> tags,
    long size,
    String comment) {}
