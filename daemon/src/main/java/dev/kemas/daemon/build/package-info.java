/** Builds in the API's words. */
@NullMarked
package dev.kemas.daemon.build;

import org.jspecify.annotations.NullMarked;
