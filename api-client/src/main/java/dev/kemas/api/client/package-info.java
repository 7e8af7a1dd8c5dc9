/**
 * Client for any Docker-compatible socket: HTTP/1.1 by hand over a unix socket or TCP, JSON as a
 * tree, JSON streams, multiplexed stdio and hijacked connections.
 *
 * <p>Start reading at {@link dev.kemas.api.client.EngineClient}. It knows the wire and the error
 * statuses of the Engine API, and nothing of what the command line prints. It stands on {@code
 * java.base} and {@code dev.kemas.fault} alone, and a request costs few classes: a command line
 * that lives for twenty milliseconds is its first user.
 */
@NullMarked
package dev.kemas.api.client;

import org.jspecify.annotations.NullMarked;
