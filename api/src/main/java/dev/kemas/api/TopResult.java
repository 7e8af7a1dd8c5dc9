package dev.kemas.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/** The processes of a container, as ps(1) prints them. */
@JsonNaming(UpperCamelCaseStrategy.class)
public record TopResult(List<String> titles, List<List<String>> processes) {}
