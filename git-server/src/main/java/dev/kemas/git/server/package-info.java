/** A git server for tests: {@link dev.kemas.git.server.GitServer}. */
@NullMarked
package dev.kemas.git.server;

import org.jspecify.annotations.NullMarked;
