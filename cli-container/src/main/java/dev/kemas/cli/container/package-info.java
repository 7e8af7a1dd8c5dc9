/** The commands about containers. */
@NullMarked
package dev.kemas.cli.container;

import org.jspecify.annotations.NullMarked;
