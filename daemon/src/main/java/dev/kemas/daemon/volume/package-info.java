/** Volumes in the API's words. */
@NullMarked
package dev.kemas.daemon.volume;

import org.jspecify.annotations.NullMarked;
