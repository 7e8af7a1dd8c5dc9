package dev.kemas.guard;

/**
 * A text of the image's configuration.
 *
 * @param place for people: {@code ENV TOKEN}, {@code label maintainer}, {@code history of line 7}
 */
public record ConfigText(String place, String text) {}
