/**
 * gRPC over HTTP/2 upon a connection that speaks nothing else any more. Who serves and who calls
 * does not depend on who dialled: {@link Services} answer the other end's calls, a {@link Peer} is
 * the other end's services. Both make a {@link Call}, which blocks its (virtual) thread and holds
 * at most one message on the way out and one window of bytes on the way in.
 *
 * <p>Knows no service: what the messages mean is their users' matter. Start with {@link Call}.
 */
@NullMarked
package dev.kemas.grpc;

import org.jspecify.annotations.NullMarked;
