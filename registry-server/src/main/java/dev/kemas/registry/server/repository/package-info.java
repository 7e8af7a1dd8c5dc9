/** The rules of repositories: uploads, blobs, manifests, tags, referrers. It knows no HTTP. */
@org.jspecify.annotations.NullMarked
package dev.kemas.registry.server.repository;
