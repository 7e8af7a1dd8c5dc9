package dev.kemas.build;

import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** What clients are told of an image, in the words of BuildKit's exporters. */
public final class ImageReport {
  /** The digest of the manifest, or of the list of manifests. */
  public static final String DIGEST = "containerimage.digest";

  /** The digest of the configuration, which is the id of the image in the engine. */
  public static final String CONFIG = "containerimage.config.digest";

  /** The descriptor of the manifest or list as JSON in base64. */
  public static final String DESCRIPTOR = "containerimage.descriptor";

  private ImageReport() {}

  /**
   * All that is told of an image.
   *
   * @param top the manifest or the list of manifests
   * @param config of the image that the engine knows it by
   */
  public static Map<String, String> of(Descriptor top, Digest config) {
    Map<String, String> told = new TreeMap<>(of(top));
    told.put(CONFIG, config.toString());
    return told;
  }

  /** What is told of a manifest or list alone. */
  public static Map<String, String> of(Descriptor top) {
    return Map.of(
        DIGEST,
        top.digest().toString(),
        DESCRIPTOR,
        Base64.getEncoder().encodeToString(Json.write(top)));
  }
}
