package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.OptionalInt;

/**
 * The answer to {@code GET /exec/{id}/json}.
 *
 * @param exitCode absent while it runs
 */
@JsonNaming(UpperCamelCaseStrategy.class)
public record ExecInspect(
    @JsonProperty("ID") String id,
    boolean running,
    OptionalInt exitCode,
    Command processConfig,
    boolean openStdin,
    boolean openStderr,
    boolean openStdout,
    boolean canRemove,
    @JsonProperty("ContainerID") String containerId,
    String detachKeys,
    long pid) {

  /** What it runs. */
  public record Command(
      boolean tty, String entrypoint, List<String> arguments, boolean privileged, String user) {}
}
