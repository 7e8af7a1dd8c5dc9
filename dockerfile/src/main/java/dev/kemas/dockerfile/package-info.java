/**
 * Dockerfile text to a syntax tree, to instructions, to lint; and {@code .dockerignore} matching.
 * Every node knows its place in the source, so an error can blame a line.
 *
 * <p>Start at {@link dev.kemas.dockerfile.Dockerfile#parse}. Nothing here knows of images, builds
 * or files: values of variables come from the caller ({@link dev.kemas.dockerfile.Expansion}).
 */
@NullMarked
package dev.kemas.dockerfile;

import org.jspecify.annotations.NullMarked;
