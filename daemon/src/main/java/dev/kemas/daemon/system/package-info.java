/** What {@code version} and {@code info} tell. */
@NullMarked
package dev.kemas.daemon.system;

import org.jspecify.annotations.NullMarked;
