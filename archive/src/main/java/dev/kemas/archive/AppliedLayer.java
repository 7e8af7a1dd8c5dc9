package dev.kemas.archive;

import dev.kemas.oci.Digest;

/**
 * What {@link LayerApplier} did.
 *
 * @param diffId sha256 of the uncompressed archive, to its last byte
 * @param size bytes of the uncompressed archive
 * @param content bytes of the files in it: what an image listing shows
 * @param entries how many entries were laid down, removals among them
 * @param lostXattrs extended attributes that the file system had no room for; worth a warning
 * @param compression how the archive came
 */
public record AppliedLayer(
    Digest diffId,
    long size,
    long content,
    long entries,
    long lostXattrs,
    Compression compression) {}
