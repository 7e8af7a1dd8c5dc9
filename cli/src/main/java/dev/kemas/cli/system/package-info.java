/** The commands about the engine as a whole. */
@NullMarked
package dev.kemas.cli.system;

import org.jspecify.annotations.NullMarked;
