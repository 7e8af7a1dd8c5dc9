package dev.kemas.runtime;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which part of a container's output to read.
 *
 * @param since not older than this
 * @param until not younger than this
 * @param tail only so many of the last lines, counted over both streams; empty is all
 * @param follow whether to wait for more until the container has ended
 */
public record LogQuery(
    boolean stdout,
    boolean stderr,
    Optional<Instant> since,
    Optional<Instant> until,
    OptionalLong tail,
    boolean follow) {}
