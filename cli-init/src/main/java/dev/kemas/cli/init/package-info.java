/**
 * {@code kemas init}. A scout for each language looks at the folder and gives a {@link
 * dev.kemas.cli.init.Proposal}: what it found, the files to write and why. Nothing here asks the
 * engine or runs anything of the project.
 */
@NullMarked
package dev.kemas.cli.init;

import org.jspecify.annotations.NullMarked;
