/**
 * What the daemon asks of a build's client. The client opens a connection and offers services on
 * it; the builds that name its id ask there for files, logins, secrets and agents, and bring their
 * results there. Start at {@link dev.kemas.session.Sessions}. This package knows the services of
 * BuildKit's clients and nothing of builds.
 */
@NullMarked
package dev.kemas.session;

import org.jspecify.annotations.NullMarked;
