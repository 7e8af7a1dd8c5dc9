package dev.kemas.build.plan;

import dev.kemas.oci.Platform;

/**
 * Which image is asked for.
 *
 * @param name as the Dockerfile has it, variables expanded
 */
public record BaseRequest(String name, Platform platform) {}
