package dev.kemas.container;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.kemas.oci.ProcessDefaults.Healthcheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * What a container runs, independent of the host (Engine API, {@code ContainerConfig}). Absent
 * fields are filled from the image when the container is made.
 *
 * @param exposedPorts keys such as {@code 5000/tcp}; the values are empty objects
 * @param cmd absent inherits the image's; Docker's clients send a text or a list
 * @param entrypoint absent inherits; one empty text resets it ({@code --entrypoint ""})
 * @param volumes absolute paths that get an anonymous volume
 * @param stopTimeout seconds between the stop signal and SIGKILL
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ContainerConfig(
    @JsonProperty("Hostname") String hostname,
    @JsonProperty("Domainname") String domainname,
    @JsonProperty("User") String user,
    @JsonProperty("AttachStdin") boolean attachStdin,
    @JsonProperty("AttachStdout") boolean attachStdout,
    @JsonProperty("AttachStderr") boolean attachStderr,
    @JsonProperty("ExposedPorts") SortedMap<String, Map<String, Object>> exposedPorts,
    @JsonProperty("Tty") boolean tty,
    @JsonProperty("OpenStdin") boolean openStdin,
    @JsonProperty("StdinOnce") boolean stdinOnce,
    @JsonProperty("Env") List<String> env,
    @JsonProperty("Cmd")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        @com.fasterxml.jackson.databind.annotation.JsonDeserialize(using = Words.class)
        Optional<List<String>> cmd,
    @JsonProperty("Healthcheck") Optional<Healthcheck> healthcheck,
    @JsonProperty("ArgsEscaped") boolean argsEscaped,
    @JsonProperty("Image") String image,
    @JsonProperty("Volumes") SortedMap<String, Map<String, Object>> volumes,
    @JsonProperty("WorkingDir") String workingDir,
    @JsonProperty("Entrypoint")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        @com.fasterxml.jackson.databind.annotation.JsonDeserialize(using = Words.class)
        Optional<List<String>> entrypoint,
    @JsonProperty("NetworkDisabled") boolean networkDisabled,
    @JsonProperty("MacAddress") Optional<String> macAddress,
    @JsonProperty("OnBuild") List<String> onBuild,
    @JsonProperty("Labels") SortedMap<String, String> labels,
    @JsonProperty("StopSignal") Optional<String> stopSignal,
    @JsonProperty("StopTimeout") OptionalInt stopTimeout,
    @JsonProperty("Shell") List<String> shell) {

  public ContainerConfig {
    hostname = Absent.text(hostname);
    domainname = Absent.text(domainname);
    user = Absent.text(user);
    image = Absent.text(image);
    workingDir = Absent.text(workingDir);
    exposedPorts = Absent.map(exposedPorts);
    env = Absent.list(env);
    volumes = Absent.map(volumes);
    onBuild = Absent.list(onBuild);
    labels = Absent.map(labels);
    shell = Absent.list(shell);
  }
}
