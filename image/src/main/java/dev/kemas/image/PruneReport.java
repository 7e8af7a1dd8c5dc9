package dev.kemas.image;

import java.util.List;

/**
 * What a prune did.
 *
 * @param removed names and images, in order
 * @param bytes freed on the disk
 */
public record PruneReport(List<Removed> removed, long bytes) {}
