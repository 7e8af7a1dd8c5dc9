package dev.kemas.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/** What was done, but not quite as asked. */
@JsonNaming(UpperCamelCaseStrategy.class)
public record Warnings(List<String> warnings) {}
