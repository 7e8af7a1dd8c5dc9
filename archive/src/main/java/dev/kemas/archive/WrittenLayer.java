package dev.kemas.archive;

import dev.kemas.oci.Digest;

/**
 * What {@link LayerWriter} wrote.
 *
 * @param diffId sha256 of the uncompressed archive
 * @param size bytes of the uncompressed archive
 * @param digest sha256 of what was written; the diff id when it was not compressed
 * @param writtenSize bytes written
 * @param content bytes of the files in it
 * @param entries how many entries; 0 for no difference at all
 */
public record WrittenLayer(
    Digest diffId, long size, Digest digest, long writtenSize, long content, long entries) {}
