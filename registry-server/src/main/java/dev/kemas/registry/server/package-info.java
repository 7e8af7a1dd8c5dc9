/**
 * A registry that answers the distribution API (OCI distribution-spec v1.1). It knows content by
 * digest and names that point to it; it knows nothing of engines, images or layers. Start reading
 * at {@link dev.kemas.registry.server.RegistryServer}; what is kept lies in {@code store}, the
 * rules of repositories in {@code repository}, the wire in {@code http}.
 */
@org.jspecify.annotations.NullMarked
package dev.kemas.registry.server;
