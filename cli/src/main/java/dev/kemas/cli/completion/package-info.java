/** Scripts that let a shell complete commands, options and names. */
@NullMarked
package dev.kemas.cli.completion;

import org.jspecify.annotations.NullMarked;
