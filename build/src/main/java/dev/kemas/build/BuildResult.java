package dev.kemas.build;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.util.List;
import java.util.Map;

/**
 * How a build ended well.
 *
 * @param results one for each platform, in the order asked for
 * @param told what its exports said, such as {@code containerimage.digest}
 * @param origin what was asked for, when, and what came by address
 */
public record BuildResult(List<Built> results, Map<String, String> told, Export.Origin origin) {
  public BuildResult {
    results = List.copyOf(results);
    told = Map.copyOf(told);
  }

  /**
   * The id of the image, where one went to the engine's images.
   *
   * @throws Fault.Internal when none did
   */
  public Digest id() {
    String id = told.get("containerimage.config.digest");
    if (id == null) {
      throw new Fault.Internal("the build's result did not go to the engine's images");
    }
    return Digest.parse(id);
  }
}
