package dev.kemas.build;

import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;

/**
 * A layer that a build made.
 *
 * @param diffId digest of the uncompressed tar
 * @param chainId name of the file system that ends with it
 * @param blob as a manifest names it
 * @param size bytes of the uncompressed tar
 */
public record Layer(Digest diffId, Digest chainId, Descriptor blob, long size) {}
