/** Dockerfile builds: graph, cache keys, parallel solver, image assembly. */
@NullMarked
package dev.kemas.build;

import org.jspecify.annotations.NullMarked;
