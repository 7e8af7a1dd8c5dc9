/**
 * Durable records in one embedded transactional store, and the garbage collector over what the
 * records reach. Start at {@link dev.kemas.metadata.RecordStore}; for collection at {@link
 * dev.kemas.metadata.Collector}. This package knows keys, JSON bodies and edges between resources:
 * not what a container, an image or a blob is.
 */
@NullMarked
package dev.kemas.metadata;

import org.jspecify.annotations.NullMarked;
