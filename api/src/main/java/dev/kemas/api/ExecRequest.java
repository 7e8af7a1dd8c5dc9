package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The body of {@code POST /containers/{id}/exec}.
 *
 * @param consoleSize height and width, or empty
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ExecRequest(
    @JsonProperty("AttachStdin") boolean attachStdin,
    @JsonProperty("AttachStdout") boolean attachStdout,
    @JsonProperty("AttachStderr") boolean attachStderr,
    @JsonProperty("ConsoleSize") List<Integer> consoleSize,
    @JsonProperty("DetachKeys") String detachKeys,
    @JsonProperty("Tty") boolean tty,
    @JsonProperty("Env") List<String> env,
    @JsonProperty("Cmd") List<String> cmd,
    @JsonProperty("Privileged") boolean privileged,
    @JsonProperty("User") String user,
    @JsonProperty("WorkingDir") String workingDir) {
  public ExecRequest {
    consoleSize = Absent.list(consoleSize);
    detachKeys = Absent.text(detachKeys);
    env = Absent.list(env);
    cmd = Absent.list(cmd);
    user = Absent.text(user);
    workingDir = Absent.text(workingDir);
  }
}
