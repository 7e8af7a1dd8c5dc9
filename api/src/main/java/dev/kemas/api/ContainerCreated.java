package dev.kemas.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/** The answer to {@code POST /containers/create}. */
@JsonNaming(UpperCamelCaseStrategy.class)
public record ContainerCreated(String id, List<String> warnings) {}
