package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.kemas.container.NetworkingConfig.EndpointRequest;
import java.util.Optional;

/** The body of {@code POST /networks/{id}/connect}. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConnectRequest(
    @JsonProperty("Container") String container,
    @JsonProperty("EndpointConfig") Optional<EndpointRequest> endpointConfig) {
  public ConnectRequest {
    container = Absent.text(container);
  }
}
