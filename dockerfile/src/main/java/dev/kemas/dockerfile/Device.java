package dev.kemas.dockerfile;

/**
 * One {@code --device} of a RUN.
 *
 * @param name as CDI writes it: {@code vendor.example/class=name}, or without the name for all of
 *     the class
 * @param required whether the RUN fails where there is no such device
 */
public record Device(String name, boolean required) {}
