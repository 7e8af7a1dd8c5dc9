/**
 * The client side of the distribution API (distribution-spec): manifests and blobs of a repository,
 * with the answers to a registry's challenges, mirrors, insecure registries and proxies. Start at
 * {@link dev.kemas.registry.client.RegistryClient}. It keeps nothing: where bytes go and what an
 * image is, others know.
 */
@NullMarked
package dev.kemas.registry.client;

import org.jspecify.annotations.NullMarked;
