package dev.kemas.provenance;

import dev.kemas.oci.Digest;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.sbom.PackageUrl;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Images as package URLs (purl-spec, type {@code docker}), the way BuildKit writes them. */
final class ImagePurl {
  private ImagePurl() {}

  static String of(Reference name, Optional<Platform> platform) {
    Map<String, String> qualifiers = new TreeMap<>();
    qualifiers.put("platform", platform.map(Platform::toString).orElse(""));
    qualifiers.put("digest", name.digest().map(Digest::toString).orElse(""));
    String familiar = name.familiarName();
    int slash = familiar.lastIndexOf('/');
    String version = name.tag().orElse(name.digest().isPresent() ? "" : "latest");
    return PackageUrl.of(
        "docker",
        slash < 0 ? "" : familiar.substring(0, slash),
        familiar.substring(slash + 1),
        version,
        qualifiers);
  }
}
