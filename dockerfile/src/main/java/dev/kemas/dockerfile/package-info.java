/** Dockerfile text to instructions with source ranges, lint, and .dockerignore matching. */
@NullMarked
package dev.kemas.dockerfile;

import org.jspecify.annotations.NullMarked;
