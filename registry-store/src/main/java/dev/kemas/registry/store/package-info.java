/**
 * What a registry keeps: blobs by digest and small records by key, in a folder or in a bucket. It
 * knows no rule of the distribution API.
 */
@org.jspecify.annotations.NullMarked
package dev.kemas.registry.store;
