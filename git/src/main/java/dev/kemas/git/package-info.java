/**
 * git repositories, as builds take files from them: an address says which repository and what of it
 * ({@link dev.kemas.git.GitAddress}), {@link dev.kemas.git.Repositories} finds the commit that is
 * meant, fetches it and lays its files down. The work is done by the host's program {@code git},
 * shut off from the host's configuration, hooks, helpers and terminal; what a repository says of
 * other repositories is checked here.
 *
 * <p>Knows nothing of builds.
 */
@NullMarked
package dev.kemas.git;

import org.jspecify.annotations.NullMarked;
