package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;

/**
 * How responses are written: as {@link Json}, and what is absent is left out instead of being null,
 * because the specification calls few fields nullable. Thread-safe.
 */
public final class ApiJson {
  private static final JsonMapper MAPPER =
      Json.mapper()
          .rebuild()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
          .build();

  private ApiJson() {}

  /** The mapper, for trees and streams; do not reconfigure it. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /** Writes a response compactly, UTF-8. */
  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new Fault.Internal(
          "cannot write "
              + value.getClass().getSimpleName()
              + " as JSON: "
              + e.getOriginalMessage(),
          e);
    }
  }
}
