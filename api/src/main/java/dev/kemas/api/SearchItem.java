package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A repository that a search found. */
public record SearchItem(
    @JsonProperty("name") String name,
    @JsonProperty("description") String description,
    @JsonProperty("star_count") int starCount,
    @JsonProperty("is_official") boolean isOfficial,
    @JsonProperty("is_automated") boolean isAutomated) {}
