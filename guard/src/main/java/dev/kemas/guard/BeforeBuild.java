package dev.kemas.guard;

import dev.kemas.dockerfile.Dockerfile;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known before anything runs.
 *
 * @param target the stage to build by name or number; empty means the last
 * @param arguments the build arguments given
 * @param namedContexts names that FROM and {@code --from} may use for something that is no image
 * @param bases of the stages by their number, those that are resolved already
 * @param driver the host's NVIDIA driver, empty where there is none
 */
public record BeforeBuild(
    Dockerfile dockerfile,
    ContextFacts context,
    String target,
    Map<String, String> arguments,
    Set<String> namedContexts,
    Map<Integer, BaseFacts> bases,
    Optional<NvidiaDriver> driver) {
  public BeforeBuild {
    arguments = Map.copyOf(arguments);
    namedContexts = Set.copyOf(namedContexts);
    bases = Map.copyOf(bases);
  }

  /** A Dockerfile and its context, nothing else known. */
  public static BeforeBuild of(Dockerfile dockerfile, ContextFacts context) {
    return new BeforeBuild(dockerfile, context, "", Map.of(), Set.of(), Map.of(), Optional.empty());
  }
}
