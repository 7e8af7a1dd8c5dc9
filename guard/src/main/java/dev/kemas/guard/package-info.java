/**
 * Rules about builds that a Dockerfile's text alone cannot answer: they look at the files of the
 * context, at the finished layers and at the host's driver. Named and turned off as Docker's build
 * checks are; each is told in docs/checks.md.
 *
 * <p>Start at {@link dev.kemas.guard.Guards}. A rule is a pure function of its facts and knows
 * nothing of solvers, images or sockets: whoever builds hands the facts in ({@link
 * dev.kemas.guard.BeforeBuild}, {@link dev.kemas.guard.AfterBuild}).
 */
@NullMarked
package dev.kemas.guard;

import org.jspecify.annotations.NullMarked;
