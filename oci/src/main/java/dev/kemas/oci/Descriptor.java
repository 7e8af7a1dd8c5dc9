package dev.kemas.oci;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A pointer to content: type, digest, size in bytes (image-spec, descriptor.md). The currency
 * between stores and services.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    Optional<Platform> platform,
    Map<String, String> annotations,
    List<String> urls,
    Optional<String> artifactType) {

  public Descriptor {
    // in one order, so that the same content is written as the same bytes by every process
    annotations =
        annotations == null
            ? Map.of()
            : Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(annotations)));
    urls = urls == null ? List.of() : List.copyOf(urls);
  }

  /** A descriptor of nothing but type, digest and size. */
  public static Descriptor of(String mediaType, Digest digest, long size) {
    return new Descriptor(
        mediaType, digest, size, Optional.empty(), Map.of(), List.of(), Optional.empty());
  }

  /** The same, meant for this platform. */
  public Descriptor withPlatform(Platform wanted) {
    return new Descriptor(
        mediaType, digest, size, Optional.of(wanted), annotations, urls, artifactType);
  }

  /** The same with one annotation more. */
  public Descriptor withAnnotation(String key, String value) {
    Map<String, String> more = new java.util.TreeMap<>(annotations);
    more.put(key, value);
    return new Descriptor(mediaType, digest, size, platform, more, urls, artifactType);
  }
}
