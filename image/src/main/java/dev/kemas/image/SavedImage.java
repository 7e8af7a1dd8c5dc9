package dev.kemas.image;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * One image in the {@code manifest.json} of {@code docker save}.
 *
 * @param config name of its configuration in the archive
 * @param repoTags as people write them
 * @param layers names of its layers in the archive, lowest first
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record SavedImage(
    @JsonProperty("Config") String config,
    @JsonProperty("RepoTags") List<String> repoTags,
    @JsonProperty("Layers") List<String> layers) {
  SavedImage {
    config = config == null ? "" : config;
    repoTags = repoTags == null ? List.of() : List.copyOf(repoTags);
    layers = layers == null ? List.of() : List.copyOf(layers);
  }
}
