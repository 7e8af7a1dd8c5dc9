package dev.kemas.git;

import java.util.Optional;

/**
 * An address whose commit is known.
 *
 * @param address what was asked for
 * @param commit its full name, 40 or 64 hexadecimal digits
 * @param reference full name of the branch or tag that led to it
 */
public record Resolved(GitAddress address, String commit, Optional<String> reference) {}
