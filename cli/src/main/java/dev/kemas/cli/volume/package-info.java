/** The commands about volumes. */
@NullMarked
package dev.kemas.cli.volume;

import org.jspecify.annotations.NullMarked;
