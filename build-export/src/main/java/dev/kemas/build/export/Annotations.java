package dev.kemas.build.export;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is noted at the documents of an image, in the words of BuildKit's exporters: {@code
 * annotation.NAME}, {@code annotation-index.NAME}, {@code annotation-manifest[linux/amd64].NAME}
 * and so on.
 */
public record Annotations(List<One> all) {
  private static final Pattern OPTION =
      Pattern.compile("annotation(?:-([a-z-]+))?(?:\\[([A-Za-z0-9_/-]+)])?\\.(\\S+)");

  /** Where an annotation is written. */
  public enum Place {
    INDEX("index"),
    INDEX_DESCRIPTOR("index-descriptor"),
    MANIFEST("manifest"),
    MANIFEST_DESCRIPTOR("manifest-descriptor");

    private final String text;

    Place(String text) {
      this.text = text;
    }
  }

  /** One of them; without a platform it is for all. */
  public record One(Place place, Optional<Platform> platform, String name, String value) {}

  public Annotations {
    all = List.copyOf(all);
  }

  /** Whether an option is of this kind. */
  static boolean isOne(String option) {
    return OPTION.matcher(option).matches();
  }

  /**
   * Those among an exporter's options.
   *
   * @throws Fault.InvalidArgument for a place that there is not
   */
  static Annotations of(Map<String, String> options) {
    List<One> all = new ArrayList<>();
    options.forEach((option, value) -> {
      Matcher matcher = OPTION.matcher(option);
      if (matcher.matches()) {
        all.add(
            new One(
                place(option, Optional.ofNullable(matcher.group(1)).orElse("manifest")),
                Optional.ofNullable(matcher.group(2)).map(Platform::parse),
                matcher.group(3),
                value));
      }
    });
    return new Annotations(all);
  }

  private static Place place(String option, String text) {
    for (Place place : Place.values()) {
      if (place.text.equals(text)) {
        return place;
      }
    }
    throw new Fault.InvalidArgument(
        "invalid annotation \"%s\": it can be at index, index-descriptor, manifest or"
                .formatted(option)
            + " manifest-descriptor");
  }

  /** Whether one can only be kept in the documents of the OCI. */
  boolean needsOci() {
    return all.stream().anyMatch(one -> one.place() != Place.MANIFEST);
  }

  /** What is noted in one place. */
  SortedMap<String, String> at(Place place, Platform platform) {
    SortedMap<String, String> found = new TreeMap<>();
    all.stream()
        .filter(one -> one.place() == place && one.platform().isEmpty())
        .forEach(one -> found.put(one.name(), one.value()));
    all.stream()
        .filter(one -> one.place() == place)
        .filter(one -> one.platform().filter(platform::equals).isPresent())
        .forEach(one -> found.put(one.name(), one.value()));
    return found;
  }

  /** What is noted at the list. */
  SortedMap<String, String> at(Place place) {
    SortedMap<String, String> found = new TreeMap<>();
    all.stream()
        .filter(one -> one.place() == place)
        .forEach(one -> found.put(one.name(), one.value()));
    return found;
  }

  /**
   * Refuses what would be lost.
   *
   * @param platforms that are built
   * @param list whether the result is a list of manifests
   */
  void require(List<Platform> platforms, boolean list) {
    for (One one : all) {
      one.platform()
          .filter(platform -> !platforms.contains(platform))
          .ifPresent(platform -> {
            throw new Fault.InvalidArgument(
                "invalid annotation %s: nothing is built for %s".formatted(one.name(), platform));
          });
      boolean ofList = one.place() == Place.INDEX || one.place() == Place.INDEX_DESCRIPTOR;
      if (ofList && !list) {
        throw new Fault.InvalidArgument(
            "index annotations not supported for single platform export: "
                + one.name()
                + " has no list of manifests to be at; attach provenance, or build for several"
                + " platforms");
      }
    }
  }
}
