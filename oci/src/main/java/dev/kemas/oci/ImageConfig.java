package dev.kemas.oci;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * An image's configuration; the digest of its JSON is the image id (image-spec, config.md).
 *
 * @param created when the image was made; absent in reproducible images
 * @param config defaults of a container of this image
 * @param rootfs its layers, as digests of the uncompressed tars
 * @param history how each layer came to be, oldest first
 * @param inlineCache what the image's build leaves to others, as BuildKit does
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ImageConfig(
    Optional<OffsetDateTime> created,
    Optional<String> author,
    String architecture,
    String os,
    Optional<String> variant,
    @JsonProperty("os.version") Optional<String> osVersion,
    Optional<ProcessDefaults> config,
    RootFs rootfs,
    List<History> history,
    Optional<String> comment,
    @JsonProperty("moby.buildkit.cache.v0") Optional<String> inlineCache) {

  public ImageConfig {
    history = history == null ? List.of() : List.copyOf(history);
  }

  /** A configuration without a build cache. */
  public ImageConfig(
      Optional<OffsetDateTime> created,
      Optional<String> author,
      String architecture,
      String os,
      Optional<String> variant,
      Optional<String> osVersion,
      Optional<ProcessDefaults> config,
      RootFs rootfs,
      List<History> history,
      Optional<String> comment) {
    this(
        created,
        author,
        architecture,
        os,
        variant,
        osVersion,
        config,
        rootfs,
        history,
        comment,
        Optional.empty());
  }

  /** The same with a build cache in it. */
  public ImageConfig withInlineCache(String cache) {
    return new ImageConfig(
        created,
        author,
        architecture,
        os,
        variant,
        osVersion,
        config,
        rootfs,
        history,
        comment,
        Optional.of(cache));
  }

  /** The platform the image is for. */
  @com.fasterxml.jackson.annotation.JsonIgnore
  public Platform platform() {
    return new Platform(architecture, os, variant, osVersion, List.of());
  }

  /** The container defaults; those of an image without any where there are none. */
  @com.fasterxml.jackson.annotation.JsonIgnore
  public ProcessDefaults defaults() {
    return config.orElse(ProcessDefaults.NONE);
  }

  /**
   * The layers of an image.
   *
   * @param type always {@code layers}
   * @param diffIds digests of the uncompressed tars, lowest first
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record RootFs(String type, @JsonProperty("diff_ids") List<Digest> diffIds) {
    public RootFs {
      diffIds = diffIds == null ? List.of() : List.copyOf(diffIds);
    }

    /** The layers, lowest first. */
    public static RootFs of(List<Digest> diffIds) {
      return new RootFs("layers", diffIds);
    }
  }

  /** One step of an image's making; {@code emptyLayer} marks steps that left no layer. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record History(
      Optional<OffsetDateTime> created,
      @JsonProperty("created_by") Optional<String> createdBy,
      Optional<String> author,
      Optional<String> comment,
      @JsonProperty("empty_layer") @JsonInclude(value = JsonInclude.Include.NON_DEFAULT)
          boolean emptyLayer) {}
}
