package dev.kemas.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * A step of an image's making, the latest first.
 *
 * @param id {@code <missing>} but for the latest
 * @param created seconds since 1970
 * @param size bytes
 */
@JsonNaming(UpperCamelCaseStrategy.class)
public record ImageHistoryItem(
    String id, long created, String createdBy, List<String> tags, long size, String comment) {}
