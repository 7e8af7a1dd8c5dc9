package dev.kemas.build.files;

/**
 * One thing that COPY takes.
 *
 * @param path relative to the tree's root, as it was asked for or matched
 * @param name its last part, what a copy of it is called; empty for the root itself
 * @param directory whether its content is taken rather than itself
 */
public record Selected(String path, String name, boolean directory) {}
