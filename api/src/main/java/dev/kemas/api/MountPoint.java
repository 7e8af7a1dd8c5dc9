package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Optional;

/**
 * A mount of a container, as it is.
 *
 * @param type {@code bind volume tmpfs image}
 * @param name of the volume, else empty
 * @param mode the options as they were written
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
@JsonNaming(UpperCamelCaseStrategy.class)
public record MountPoint(
    String type,
    Optional<String> name,
    String source,
    String destination,
    Optional<String> driver,
    String mode,
    @JsonProperty("RW") boolean readWrite,
    String propagation) {}
