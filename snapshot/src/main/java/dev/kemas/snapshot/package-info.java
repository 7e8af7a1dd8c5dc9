/** Layered file systems: prepare, fill, commit, remove; overlay and plain copy. */
@NullMarked
package dev.kemas.snapshot;

import org.jspecify.annotations.NullMarked;
