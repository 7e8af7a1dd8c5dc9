package dev.kemas.container;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * A mount as {@code --mount} asks for it (Engine API, {@code Mount}).
 *
 * @param type {@code bind volume tmpfs npipe cluster image}
 * @param source host path, volume name or image; empty for tmpfs and anonymous volumes
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record MountRequest(
    @JsonProperty("Type") String type,
    @JsonProperty("Source") String source,
    @JsonProperty("Target") String target,
    @JsonProperty("ReadOnly") @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean readOnly,
    @JsonProperty("Consistency") String consistency,
    @JsonProperty("BindOptions") Optional<BindOptions> bindOptions,
    @JsonProperty("VolumeOptions") Optional<VolumeOptions> volumeOptions,
    @JsonProperty("TmpfsOptions") Optional<TmpfsOptions> tmpfsOptions,
    @JsonProperty("ImageOptions") Optional<ImageOptions> imageOptions) {

  public MountRequest {
    type = Absent.text(type);
    source = Absent.text(source);
    target = Absent.text(target);
    consistency = Absent.text(consistency);
  }

  /** Options of a bind mount; propagation as in mount_namespaces(7), e.g. {@code rslave}. */
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record BindOptions(
      @JsonProperty("Propagation") String propagation,
      @JsonProperty("NonRecursive") boolean nonRecursive,
      @JsonProperty("CreateMountpoint") boolean createMountpoint,
      @JsonProperty("ReadOnlyNonRecursive") boolean readOnlyNonRecursive,
      @JsonProperty("ReadOnlyForceRecursive") boolean readOnlyForceRecursive) {
    public BindOptions {
      propagation = Absent.text(propagation);
    }
  }

  /** Options of a volume that is made for this mount. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record VolumeOptions(
      @JsonProperty("NoCopy") @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean noCopy,
      @JsonProperty("Labels") SortedMap<String, String> labels,
      @JsonProperty("DriverConfig") Optional<DriverConfig> driverConfig,
      @JsonProperty("Subpath") String subpath) {
    public VolumeOptions {
      labels = Absent.map(labels);
      subpath = Absent.text(subpath);
    }
  }

  /** A volume's driver and its options. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record DriverConfig(
      @JsonProperty("Name") String name,
      @JsonProperty("Options") SortedMap<String, String> options) {
    public DriverConfig {
      name = Absent.text(name);
      options = Absent.map(options);
    }
  }

  /** Options of a file system in memory; size in bytes, mode as a number. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record TmpfsOptions(
      @JsonProperty("SizeBytes") @JsonInclude(JsonInclude.Include.NON_DEFAULT) long sizeBytes,
      @JsonProperty("Mode") OptionalInt mode,
      @JsonProperty("Options") List<List<String>> options) {
    public TmpfsOptions {
      options = Absent.list(options);
    }
  }

  /** Options of a mounted image. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ImageOptions(@JsonProperty("Subpath") String subpath) {
    public ImageOptions {
      subpath = Absent.text(subpath);
    }
  }
}
