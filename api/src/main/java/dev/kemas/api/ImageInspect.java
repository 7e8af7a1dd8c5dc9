package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.ProcessDefaults;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The answer to {@code GET /images/{name}/json}. Times in RFC 3339, sizes in bytes.
 *
 * @param descriptor of what the name stands for: a manifest or a list of them
 * @param manifests only where they are asked for
 */
@JsonNaming(UpperCamelCaseStrategy.class)
public record ImageInspect(
    String id,
    Optional<Descriptor> descriptor,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<List<ManifestSummary>> manifests,
    List<String> repoTags,
    List<String> repoDigests,
    String parent,
    String comment,
    Optional<String> created,
    String dockerVersion,
    String author,
    Config config,
    String architecture,
    Optional<String> variant,
    String os,
    long size,
    ContainerInspect.GraphDriver graphDriver,
    @JsonProperty("RootFS") RootFs rootFs,
    Metadata metadata) {

  /** The same with its manifests. */
  public ImageInspect withManifests(Descriptor named, Optional<List<ManifestSummary>> all) {
    return new ImageInspect(
        id,
        Optional.of(named),
        all,
        repoTags,
        repoDigests,
        parent,
        comment,
        created,
        dockerVersion,
        author,
        config,
        architecture,
        variant,
        os,
        size,
        graphDriver,
        rootFs,
        metadata);
  }

  /**
   * What its containers run. The fields that dockerd shows whether they are set or not are here
   * always; command and entrypoint are null then.
   */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Config(
      String user,
      @JsonInclude(JsonInclude.Include.NON_EMPTY)
          SortedMap<String, Map<String, Object>> exposedPorts,
      List<String> env,
      @JsonInclude(JsonInclude.Include.ALWAYS) Optional<List<String>> cmd,
      Optional<ProcessDefaults.Healthcheck> healthcheck,
      SortedMap<String, Map<String, Object>> volumes,
      String workingDir,
      @JsonInclude(JsonInclude.Include.ALWAYS) Optional<List<String>> entrypoint,
      List<String> onBuild,
      SortedMap<String, String> labels,
      Optional<String> stopSignal,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> shell) {
    /** The same in the words of the API. */
    public static Config of(ProcessDefaults defaults) {
      return new Config(
          defaults.user().orElse(""),
          defaults.exposedPorts(),
          defaults.env(),
          defaults.cmd(),
          defaults.healthcheck(),
          defaults.volumes(),
          defaults.workingDir().orElse(""),
          defaults.entrypoint(),
          defaults.onBuild(),
          defaults.labels(),
          defaults.stopSignal(),
          defaults.shell());
    }
  }

  /** The layers' diff ids, the lowest first. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record RootFs(String type, List<String> layers) {}

  /** What this daemon knows about it beyond its content. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Metadata(String lastTagTime) {}
}
