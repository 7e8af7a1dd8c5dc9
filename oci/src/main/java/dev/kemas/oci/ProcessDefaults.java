package dev.kemas.oci;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a container of an image runs unless told otherwise (image-spec, config.md, "config", with
 * Docker's additions: Healthcheck, OnBuild, Shell).
 *
 * @param exposedPorts keys such as {@code 5000/tcp}; the values are empty objects
 * @param volumes absolute paths; the values are empty objects
 * @param entrypoint absent and empty differ: an empty list resets an inherited one
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ProcessDefaults(
    @JsonProperty("User") Optional<String> user,
    @JsonProperty("ExposedPorts") SortedMap<String, Map<String, Object>> exposedPorts,
    @JsonProperty("Env") List<String> env,
    @JsonProperty("Entrypoint") Optional<List<String>> entrypoint,
    @JsonProperty("Cmd") Optional<List<String>> cmd,
    @JsonProperty("Volumes") SortedMap<String, Map<String, Object>> volumes,
    @JsonProperty("WorkingDir") Optional<String> workingDir,
    @JsonProperty("Labels") SortedMap<String, String> labels,
    @JsonProperty("StopSignal") Optional<String> stopSignal,
    @JsonProperty("StopTimeout") OptionalInt stopTimeout,
    @JsonProperty("Healthcheck") Optional<Healthcheck> healthcheck,
    @JsonProperty("OnBuild") List<String> onBuild,
    @JsonProperty("Shell") List<String> shell) {

  /** The defaults of an image that says nothing. */
  public static final ProcessDefaults NONE =
      new ProcessDefaults(
          Optional.empty(),
          new TreeMap<>(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          new TreeMap<>(),
          Optional.empty(),
          new TreeMap<>(),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          List.of(),
          List.of());

  public ProcessDefaults {
    exposedPorts = sorted(exposedPorts);
    env = env == null ? List.of() : List.copyOf(env);
    volumes = sorted(volumes);
    labels = sorted(labels);
    onBuild = onBuild == null ? List.of() : List.copyOf(onBuild);
    shell = shell == null ? List.of() : List.copyOf(shell);
  }

  private static <V> SortedMap<String, V> sorted(
      @org.jspecify.annotations.Nullable Map<String, V> map) {
    return java.util.Collections.unmodifiableSortedMap(
        map == null ? new TreeMap<>() : new TreeMap<>(map));
  }

  /**
   * A check of a container's health.
   *
   * @param test {@code ["NONE"]}, {@code ["CMD", args...]} or {@code ["CMD-SHELL", text]}; empty
   *     inherits
   * @param interval nanoseconds between two checks; 0 inherits
   * @param timeout nanoseconds before a check counts as failed; 0 inherits
   * @param startPeriod nanoseconds in which failures do not count; 0 inherits
   * @param startInterval nanoseconds between two checks in the start period; 0 inherits
   * @param retries failures in a row that make it unhealthy; 0 inherits
   */
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Healthcheck(
      @JsonProperty("Test") List<String> test,
      @JsonProperty("Interval") long interval,
      @JsonProperty("Timeout") long timeout,
      @JsonProperty("StartPeriod") long startPeriod,
      @JsonProperty("StartInterval") long startInterval,
      @JsonProperty("Retries") int retries) {
    public Healthcheck {
      test = test == null ? List.of() : List.copyOf(test);
    }
  }
}
