/**
 * Places for what a build made: registries, archives, the files alone. Where a stream leads is not
 * known here.
 *
 * <p>Start at {@link dev.kemas.build.export.ArchiveExport}.
 */
@NullMarked
package dev.kemas.build.export;

import org.jspecify.annotations.NullMarked;
