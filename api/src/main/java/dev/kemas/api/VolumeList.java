package dev.kemas.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/** The answer to {@code GET /volumes}. */
@JsonNaming(UpperCamelCaseStrategy.class)
public record VolumeList(List<VolumeRecord> volumes, List<String> warnings) {}
