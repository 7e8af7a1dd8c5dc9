/** Durable records in one embedded transactional store. */
@NullMarked
package dev.kemas.metadata;

import org.jspecify.annotations.NullMarked;
