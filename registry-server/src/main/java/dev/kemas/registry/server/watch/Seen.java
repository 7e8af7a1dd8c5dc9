package dev.kemas.registry.server.watch;

import java.time.Duration;
import java.util.Optional;

/**
 * A request that was answered.
 *
 * @param remote address of the client
 * @param user empty for who is not known
 * @param what kind of thing: {@code manifest}, {@code blob}, ...
 * @param repository empty where it is about none
 * @param reference tag, digest or id; empty where there is none
 * @param received bytes of the request's body
 * @param sent bytes of the answer's body
 */
public record Seen(
    String remote,
    Optional<String> user,
    String method,
    String what,
    Optional<String> repository,
    Optional<String> reference,
    int status,
    long received,
    long sent,
    Duration took) {}
