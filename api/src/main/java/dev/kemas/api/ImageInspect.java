package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.ProcessDefaults;
import java.util.List;
import java.util.Optional;

/** The answer to {@code GET /images/{name}/json}. Times in RFC 3339, sizes in bytes. */
@JsonNaming(UpperCamelCaseStrategy.class)
public record ImageInspect(
    String id,
    Optional<Descriptor> descriptor,
    List<String> repoTags,
    List<String> repoDigests,
    String parent,
    String comment,
    Optional<String> created,
    String dockerVersion,
    String author,
    ProcessDefaults config,
    String architecture,
    Optional<String> variant,
    String os,
    long size,
    ContainerInspect.GraphDriver graphDriver,
    @JsonProperty("RootFS") RootFs rootFs,
    Metadata metadata) {

  /** The layers' diff ids, the lowest first. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record RootFs(String type, List<String> layers) {}

  /** What this daemon knows about it beyond its content. */
  @JsonNaming(UpperCamelCaseStrategy.class)
  public record Metadata(String lastTagTime) {}
}
