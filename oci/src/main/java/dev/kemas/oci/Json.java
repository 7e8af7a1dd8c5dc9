package dev.kemas.oci;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.kemas.fault.Fault;
import java.nio.charset.StandardCharsets;

/**
 * The one JSON mapping of the project's records: optional fields are left out when empty, unknown
 * fields are ignored, times are RFC 3339 texts. Thread-safe.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
          .build();

  private Json() {}

  /** The shared mapper, for trees and streams; do not reconfigure it. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /**
   * Reads one value.
   *
   * @param what names the text in the error, e.g. {@code image manifest}
   * @throws Fault.InvalidArgument if it is not JSON of that shape
   */
  public static <T> T read(byte[] json, Class<T> type, String what) {
    try {
      T value = MAPPER.readValue(json, type);
      if (value == null) {
        throw new Fault.InvalidArgument("invalid " + what + ": the text is null");
      }
      return value;
    } catch (JacksonException e) {
      throw new Fault.InvalidArgument("invalid " + what + ": " + e.getOriginalMessage(), e);
    } catch (java.io.IOException e) {
      throw new Fault.InvalidArgument("invalid " + what + ": " + e.getMessage(), e);
    }
  }

  /** As {@link #read(byte[], Class, String)}, from text. */
  public static <T> T read(String json, Class<T> type, String what) {
    return read(json.getBytes(StandardCharsets.UTF_8), type, what);
  }

  /** Writes a value compactly, UTF-8. */
  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JacksonException e) {
      throw new Fault.Internal(
          "cannot write " + value.getClass().getSimpleName() + " as JSON: " + e.getMessage(), e);
    }
  }

  /** Writes a value compactly as text. */
  public static String text(Object value) {
    return new String(write(value), StandardCharsets.UTF_8);
  }
}
