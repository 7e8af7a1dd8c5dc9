package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The body of {@code POST /exec/{id}/start}.
 *
 * @param consoleSize height and width, or empty
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ExecStart(
    @JsonProperty("Detach") boolean detach,
    @JsonProperty("Tty") boolean tty,
    @JsonProperty("ConsoleSize") List<Integer> consoleSize) {
  /** Attached, no terminal. */
  public static final ExecStart PLAIN = new ExecStart(false, false, List.of());

  public ExecStart {
    consoleSize = Absent.list(consoleSize);
  }
}
