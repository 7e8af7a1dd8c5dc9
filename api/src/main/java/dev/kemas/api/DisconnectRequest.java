package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The body of {@code POST /networks/{id}/disconnect}. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DisconnectRequest(
    @JsonProperty("Container") String container, @JsonProperty("Force") boolean force) {
  public DisconnectRequest {
    container = Absent.text(container);
  }
}
