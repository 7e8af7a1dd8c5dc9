/** The commands about images, but for {@code build}. */
@NullMarked
package dev.kemas.cli.image;

import org.jspecify.annotations.NullMarked;
