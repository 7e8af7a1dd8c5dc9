package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The answer of {@code POST /auth}.
 *
 * @param identityToken to be shown instead of the password; empty where there is none
 */
public record AuthAnswer(
    @JsonProperty("Status") String status, @JsonProperty("IdentityToken") String identityToken) {}
