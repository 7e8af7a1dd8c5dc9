/**
 * {@code kemasd}: the one place where all parts are known and put together. Start at {@link
 * dev.kemas.daemon.Daemon}; the sub-packages turn the parts' objects into the API's records and
 * hold no logic of their own.
 */
@NullMarked
package dev.kemas.daemon;

import org.jspecify.annotations.NullMarked;
