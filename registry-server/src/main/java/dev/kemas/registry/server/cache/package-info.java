/**
 * A cache of another registry: what is not here is fetched there, what was not used for long goes.
 */
@org.jspecify.annotations.NullMarked
package dev.kemas.registry.server.cache;
