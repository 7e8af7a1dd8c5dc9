/**
 * Whether this machine has what an engine needs: each thing is looked at or tried, and what is
 * lacking comes with its remedy. Start at {@link dev.kemas.host.HostChecks}; who checks more adds
 * {@link dev.kemas.host.HostCheck}s of its own.
 */
@NullMarked
package dev.kemas.host;

import org.jspecify.annotations.NullMarked;
