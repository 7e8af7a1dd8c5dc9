package dev.kemas.sbom;

import java.util.Comparator;
import java.util.List;

/**
 * A package that is installed.
 *
 * @param name as its ecosystem writes it; for Maven {@code group:artifact}
 * @param purl package URL (purl-spec); two components of one inventory never share it
 * @param licences what the package says of itself, sorted; as it says it, not always SPDX's names
 * @param locations absolute paths within the file system where it is recorded, sorted; what is in
 *     an archive stands behind {@code !/}
 * @param checksums what its ecosystem, or for a jar the file, hashes to, sorted
 */
public record Component(
    Ecosystem ecosystem,
    String name,
    String version,
    String purl,
    List<String> licences,
    List<String> locations,
    List<Checksum> checksums)
    implements Comparable<Component> {
  private static final Comparator<Component> ORDER =
      Comparator.comparing(Component::ecosystem)
          .thenComparing(Component::name)
          .thenComparing(Component::version)
          .thenComparing(Component::purl);

  public Component {
    licences = licences.stream().distinct().sorted().toList();
    locations = locations.stream().distinct().sorted().toList();
    checksums = checksums.stream().distinct().sorted().toList();
  }

  @Override
  public int compareTo(Component other) {
    return ORDER.compare(this, other);
  }

  /** The same package found at two places. */
  Component and(Component other) {
    return new Component(
        ecosystem,
        name,
        version,
        purl,
        joined(licences, other.licences),
        joined(locations, other.locations),
        joined(checksums, other.checksums));
  }

  private static <T> List<T> joined(List<T> one, List<T> two) {
    return java.util.stream.Stream.concat(one.stream(), two.stream()).toList();
  }
}
