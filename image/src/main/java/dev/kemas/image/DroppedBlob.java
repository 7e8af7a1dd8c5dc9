package dev.kemas.image;

import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import java.util.Optional;

/**
 * The durable record of how a layer's blob comes back that was dropped after it was unpacked.
 *
 * @param blob what it was
 * @param chainId the unpacked layer that it is made of again
 * @param recipe blob that says how, proven when it was dropped; empty where only the registry has
 *     these bytes
 */
record DroppedBlob(Descriptor blob, Digest chainId, Optional<Digest> recipe) {}
