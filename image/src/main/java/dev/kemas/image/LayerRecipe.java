package dev.kemas.image;

import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;

/**
 * The durable record of how the blob of a layer is made that was made here and never written.
 *
 * @param blob the plain archive
 * @param chainId the layer that it is made of
 * @param recipe blob that says how
 */
record LayerRecipe(Descriptor blob, Digest chainId, Digest recipe) {}
