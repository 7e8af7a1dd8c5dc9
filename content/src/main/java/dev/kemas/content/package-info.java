/**
 * Blobs by digest: ingest, resume, verify, read. Start at {@link dev.kemas.content.BlobStore}; the
 * folder form is described in {@code docs/formats.md}. This package knows bytes and digests only:
 * not what a manifest or a layer is, and not who still needs a blob.
 */
@NullMarked
package dev.kemas.content;

import org.jspecify.annotations.NullMarked;
