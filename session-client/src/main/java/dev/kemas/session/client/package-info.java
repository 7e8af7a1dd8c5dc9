/**
 * What a build's client offers the daemon on a connection that it opens for that: folders of which
 * only changed files travel, logins, secrets, ssh agents, an upload, and places for results. Start
 * at {@link dev.kemas.session.client.Offer}. This package knows neither how the connection is made
 * nor what a build is.
 */
@NullMarked
package dev.kemas.session.client;

import org.jspecify.annotations.NullMarked;
