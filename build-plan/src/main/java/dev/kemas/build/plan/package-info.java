/**
 * Dockerfile to a graph of content-addressed operations: pure and printable. Nothing here reads a
 * file or knows a store; base images come from the caller.
 *
 * <p>Start at {@link dev.kemas.build.plan.Planner}.
 */
@NullMarked
package dev.kemas.build.plan;

import org.jspecify.annotations.NullMarked;
