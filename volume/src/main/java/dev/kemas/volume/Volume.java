package dev.kemas.volume;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A volume as it is; also the record that is kept of it.
 *
 * @param name unique on this engine
 * @param mountpoint the folder with its content
 * @param labels the user's own
 * @param options of the local driver: {@code type}, {@code o}, {@code device}; none for a folder
 */
public record Volume(
    String name,
    Path mountpoint,
    Instant created,
    SortedMap<String, String> labels,
    SortedMap<String, String> options) {
  /** The only driver. */
  public static final String DRIVER = "local";

  /** The label that Docker gives to volumes made without a name. */
  public static final String ANONYMOUS_LABEL = "com.docker.volume.anonymous";

  public Volume {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
  }

  static Volume of(
      String name, Path mountpoint, Map<String, String> labels, Map<String, String> options) {
    return new Volume(
        name, mountpoint, Instant.now(), new TreeMap<>(labels), new TreeMap<>(options));
  }

  /** Whether it was made without a name, for one container. */
  @JsonIgnore
  public boolean isAnonymous() {
    return labels.containsKey(ANONYMOUS_LABEL);
  }
}
