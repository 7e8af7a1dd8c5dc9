/**
 * Dockerfile builds: the request, what a build needs of the rest of the engine ({@link
 * dev.kemas.build.Bases}, {@link dev.kemas.build.Workspaces}, {@link dev.kemas.build.Executor},
 * {@link dev.kemas.build.ImageSink}, {@link dev.kemas.build.CacheIndex}), and what it tells while
 * it goes on ({@link dev.kemas.build.BuildEvent}).
 *
 * <p>Start at {@link dev.kemas.build.Builder}. Within: {@code graph} makes the plan and is pure,
 * {@code files} reads contexts and writes file systems; what is here runs the plan.
 */
@NullMarked
package dev.kemas.build;

import org.jspecify.annotations.NullMarked;
