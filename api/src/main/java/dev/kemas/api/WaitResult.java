package dev.kemas.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Optional;

/**
 * How a container ended.
 *
 * @param error what went wrong with the waiting or the removal
 */
@JsonNaming(UpperCamelCaseStrategy.class)
public record WaitResult(int statusCode, Optional<WaitError> error) {
  /** It ended. */
  public static WaitResult exited(int code) {
    return new WaitResult(code, Optional.empty());
  }

  /** A text. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record WaitError(String message) {}
}
