/** Kemasd: configuration, wiring, shut-down order. */
@NullMarked
package dev.kemas.daemon;

import org.jspecify.annotations.NullMarked;
