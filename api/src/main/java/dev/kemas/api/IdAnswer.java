package dev.kemas.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/** The id of something that was made. */
@JsonNaming(UpperCamelCaseStrategy.class)
public record IdAnswer(String id) {}
