/** dockerd's flags and {@code daemon.json}: read, merged, checked. Starts nothing. */
@NullMarked
package dev.kemas.daemon.config;

import org.jspecify.annotations.NullMarked;
