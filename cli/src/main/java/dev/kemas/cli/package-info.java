/** The kemas command line. */
@NullMarked
package dev.kemas.cli;

import org.jspecify.annotations.NullMarked;
