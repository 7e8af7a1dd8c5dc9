package dev.kemas.guard;

/**
 * A regular file of the context.
 *
 * @param path relative to the context's root, parts divided by slashes
 * @param bytes its length
 */
public record ContextFile(String path, long bytes) {}
