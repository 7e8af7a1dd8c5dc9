package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.kemas.container.HostConfig.RestartPolicy;
import dev.kemas.container.Resources;
import java.util.Optional;

/**
 * The body of {@code POST /containers/{id}/update}.
 *
 * @param restartPolicy absent: as it was
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record UpdateRequest(
    @JsonUnwrapped Resources resources,
    @JsonProperty("RestartPolicy") Optional<RestartPolicy> restartPolicy) {}
