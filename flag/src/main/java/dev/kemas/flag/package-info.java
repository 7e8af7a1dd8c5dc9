/**
 * Command lines in the manner of Docker's: declared options, parsed, and explained in a help text.
 */
@NullMarked
package dev.kemas.flag;

import org.jspecify.annotations.NullMarked;
