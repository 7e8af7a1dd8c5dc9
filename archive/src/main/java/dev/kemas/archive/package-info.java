/** Tar apply and diff, whiteouts, compression, path safety. */
@NullMarked
package dev.kemas.archive;

import org.jspecify.annotations.NullMarked;
