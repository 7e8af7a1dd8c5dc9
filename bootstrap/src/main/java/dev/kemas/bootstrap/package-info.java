/**
 * Base images from package mirrors, without a registry: what the host is configured for, the recipe
 * of each image, the tools that make them. {@link dev.kemas.bootstrap.Bootstrap} is the way in.
 * Plans are plain records and texts; only {@link dev.kemas.bootstrap.Workshop} runs anything.
 */
@NullMarked
package dev.kemas.bootstrap;

import org.jspecify.annotations.NullMarked;
