/**
 * Copies of clients' folders kept between builds. A client lists its folder entry by entry; what is
 * here already, by kind, size, times and owner, need not travel, and its digest is known. Start at
 * {@link dev.kemas.synced.folder.SyncedFolders}; the form on disk is described in {@code
 * docs/formats.md}. This package knows no protocol: it is told what there is and given content.
 */
@NullMarked
package dev.kemas.synced.folder;

import org.jspecify.annotations.NullMarked;
