/**
 * Base images from package mirrors: what the host is configured for, the recipe of each image, the
 * tools that make them. Plans are plain records and texts; only {@link
 * dev.kemas.image.bootstrap.Workshop} runs anything.
 */
@NullMarked
package dev.kemas.image.bootstrap;

import org.jspecify.annotations.NullMarked;
