package dev.kemas.registry.client;

/**
 * A repository that was found.
 *
 * @param name as people write it
 * @param stars how many like it; 0 where nobody counts
 * @param official whether the registry's own people keep it
 * @param automated whether it is built by the registry; long out of use
 */
public record SearchResult(
    String name, String description, int stars, boolean official, boolean automated) {}
