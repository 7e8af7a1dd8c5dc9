package dev.kemas.api;

/**
 * The body of every refusal (Engine API, {@code ErrorResponse}).
 *
 * @param message the text that clients show
 */
public record ErrorBody(String message) {}
