/** Blobs by digest: ingest, resume, verify, read. */
@NullMarked
package dev.kemas.content;

import org.jspecify.annotations.NullMarked;
