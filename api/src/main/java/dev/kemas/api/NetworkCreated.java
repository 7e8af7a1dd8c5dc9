package dev.kemas.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/** The answer to {@code POST /networks/create}. */
@JsonNaming(UpperCamelCaseStrategy.class)
public record NetworkCreated(String id, String warning) {}
