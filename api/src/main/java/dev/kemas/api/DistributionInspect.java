package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Platform;
import java.util.List;

/**
 * What a registry has under a name.
 *
 * @param descriptor of the manifest or index
 * @param platforms that it is there for
 */
public record DistributionInspect(
    @JsonProperty("Descriptor") Descriptor descriptor,
    @JsonProperty("Platforms") List<Platform> platforms) {}
