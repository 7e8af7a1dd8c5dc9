package dev.kemas.build.plan;

import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.oci.Platform;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What decides a plan besides the Dockerfile.
 *
 * @param buildArguments those of {@code --build-arg} that have a value
 * @param labels put on the image after all others
 * @param target a stage's name or number; empty for the last stage
 * @param platform of the image
 * @param network of RUNs that do not say: {@code default}, {@code none}, {@code host} or a name
 * @param contexts what else may be called by a name, by lower-case names: an image by its
 *     reference, or files where there is none
 * @param ignore what is left out of the context; empty when it is not known
 */
public record PlanRequest(
    Map<String, String> buildArguments,
    SortedMap<String, String> labels,
    String target,
    Platform platform,
    String network,
    Map<String, Optional<String>> contexts,
    Optional<IgnoreFile> ignore) {
  public PlanRequest {
    contexts = Map.copyOf(contexts);
  }
}
