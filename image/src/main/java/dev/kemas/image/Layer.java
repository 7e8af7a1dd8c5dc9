package dev.kemas.image;

import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;

/**
 * One layer of an image: kept as a blob, as it came, and as a committed snapshot named after its
 * chain id.
 *
 * @param diffId digest of the uncompressed tar
 * @param chainId name of the stack up to this layer; {@link
 *     dev.kemas.snapshot.SnapshotName#of(Digest)} makes the snapshot's name of it
 * @param blob the tar as it is kept, compressed or not; its media type tells
 * @param size bytes of the files in it: what listings show
 */
public record Layer(Digest diffId, Digest chainId, Descriptor blob, long size) {}
