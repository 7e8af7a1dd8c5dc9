package dev.kemas.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.SortedMap;

/**
 * A line of {@code GET /images/json}.
 *
 * @param created seconds since 1970
 * @param size bytes
 * @param sharedSize bytes shared with other images; -1: not counted
 * @param containers how many use it; -1: not counted
 */
@JsonNaming(UpperCamelCaseStrategy.class)
public record ImageSummary(
    String id,
    String parentId,
    List<String> repoTags,
    List<String> repoDigests,
    long created,
    long size,
    long sharedSize,
    SortedMap<String, String> labels,
    int containers) {}
