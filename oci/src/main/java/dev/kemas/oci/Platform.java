package dev.kemas.oci;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Operating system and processor that an image is for (image-spec, image-index.md). Names are Go's:
 * {@code linux/amd64}, {@code linux/arm64/v8}.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Platform(
    String architecture,
    String os,
    Optional<String> variant,
    @JsonProperty("os.version") Optional<String> osVersion,
    @JsonProperty("os.features") List<String> osFeatures) {

  public Platform {
    osFeatures = osFeatures == null ? List.of() : List.copyOf(osFeatures);
  }

  /** A platform without variant. */
  public static Platform of(String os, String architecture) {
    return new Platform(architecture, os, Optional.empty(), Optional.empty(), List.of());
  }

  /**
   * Reads {@code os/arch[/variant]}.
   *
   * @throws Fault.InvalidArgument if it has another shape
   */
  public static Platform parse(String text) {
    String[] part = text.toLowerCase(Locale.ROOT).split("/", -1);
    if (part.length < 1 || part.length > 3 || part[0].isEmpty()) {
      throw new Fault.InvalidArgument(
          "invalid platform \"" + text + "\": want os/architecture[/variant]");
    }
    if (part.length == 1) {
      return part[0].equals("linux") ? host() : of("linux", normalArchitecture(part[0]));
    }
    return new Platform(
        normalArchitecture(part[1]),
        part[0],
        part.length == 3 ? Optional.of(part[2]) : Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** The platform of this machine. */
  public static Platform host() {
    return of("linux", normalArchitecture(System.getProperty("os.arch", "amd64")));
  }

  /** Whether an image for {@code offered} runs where this is wanted; 32-bit variants must match. */
  public boolean accepts(Platform offered) {
    return os.equals(offered.os)
        && architecture.equals(offered.architecture)
        && (variant.isEmpty() || offered.variant.isEmpty() || variant.equals(offered.variant));
  }

  private static String normalArchitecture(String name) {
    return switch (name) {
      case "x86_64", "x86-64" -> "amd64";
      case "aarch64" -> "arm64";
      case "armhf" -> "arm";
      case "i386", "i686", "x86" -> "386";
      default -> name;
    };
  }

  @Override
  public String toString() {
    return os + "/" + architecture + variant.map(v -> "/" + v).orElse("");
  }
}
