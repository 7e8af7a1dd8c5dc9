/** BuildKit's clients: their sessions, and the builder in BuildKit's words. */
@NullMarked
package dev.kemas.daemon.buildkit;

import org.jspecify.annotations.NullMarked;
