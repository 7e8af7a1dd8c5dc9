package dev.kemas.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * A path that a container changed.
 *
 * @param kind 0 modified, 1 added, 2 deleted
 */
@JsonNaming(UpperCamelCaseStrategy.class)
public record FilesystemChange(String path, int kind) {}
