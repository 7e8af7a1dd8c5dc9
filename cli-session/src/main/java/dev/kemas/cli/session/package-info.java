/**
 * Lends what a build asks its client for over {@code POST /session}: HTTP/2 with the daemon as the
 * one that calls. Loaded by the command line when something is lent, see {@link
 * dev.kemas.cli.lend.Lender}.
 */
@NullMarked
package dev.kemas.cli.session;

import org.jspecify.annotations.NullMarked;
