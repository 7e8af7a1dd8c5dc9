/**
 * The build cache as a whole: what is in it, how it is kept within limits, and how it travels.
 *
 * <p>{@link dev.kemas.build.cache.BuildCache} is the way in for all who list or remove; what it
 * holds stands on {@link dev.kemas.build.cache.CacheShelf shelves}. Knows of no daemon and no
 * client's protocol.
 */
@NullMarked
package dev.kemas.build.cache;

import org.jspecify.annotations.NullMarked;
