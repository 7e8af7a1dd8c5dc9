/**
 * What COPY and ADD do with files: choose them in a context or another file system, name their
 * content by a digest, lay them down in a root file system. Both sides may be hostile, so every
 * path is resolved beneath its root.
 *
 * <p>Start at {@link dev.kemas.build.files.SourceTree} and {@link
 * dev.kemas.build.files.TargetTree}.
 */
@NullMarked
package dev.kemas.build.files;

import org.jspecify.annotations.NullMarked;
