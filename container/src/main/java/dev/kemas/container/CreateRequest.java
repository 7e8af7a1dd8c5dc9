package dev.kemas.container;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

/** The body of {@code POST /containers/create}: a configuration with the host's part beside it. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CreateRequest(
    @JsonUnwrapped ContainerConfig config,
    @JsonProperty("HostConfig") HostConfig hostConfig,
    @JsonProperty("NetworkingConfig") NetworkingConfig networkingConfig) {
  public CreateRequest {
    hostConfig = hostConfig == null ? HostConfig.DEFAULT : hostConfig;
    networkingConfig = networkingConfig == null ? NetworkingConfig.NONE : networkingConfig;
  }
}
