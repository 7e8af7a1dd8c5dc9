/** Finding the engine, and starting one where none answers. */
@NullMarked
package dev.kemas.cli.start;

import org.jspecify.annotations.NullMarked;
