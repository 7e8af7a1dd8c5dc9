/**
 * Layered file systems: prepare, fill, commit, remove; overlay and plain copy. Start at {@link
 * dev.kemas.snapshot.Snapshotter}; the form on disk is described in {@code docs/formats.md}. This
 * package says what to mount and where a difference lies; it never mounts, and it knows neither tar
 * nor images.
 */
@NullMarked
package dev.kemas.snapshot;

import org.jspecify.annotations.NullMarked;
