package dev.kemas.dockerfile;

import java.util.Map;

/**
 * One {@code --mount} of a RUN.
 *
 * @param type {@code bind}, {@code cache}, {@code tmpfs}, {@code secret} or {@code ssh}
 * @param options the other settings in the author's order, by their full name; a bare one is {@code
 *     true}
 */
public record Mount(String type, Map<String, String> options) {}
