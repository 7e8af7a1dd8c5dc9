/**
 * Why a step ran. What decided each step of the last build of a project is remembered; the next
 * build is laid beside it, and what differs is the cause. Knows nothing of how steps are run.
 *
 * <p>Start at {@link dev.kemas.build.explain.Explainer}.
 */
@NullMarked
package dev.kemas.build.explain;

import org.jspecify.annotations.NullMarked;
