package dev.kemas.guard;

import dev.kemas.dockerfile.Dockerfile;
import java.util.List;

/**
 * What is known of a finished build.
 *
 * @param layers those of the image that this build made, from the bottom
 * @param config environment, labels, command and history of the image
 * @param secrets every value that a step could see
 */
public record AfterBuild(
    Dockerfile dockerfile,
    List<LayerFacts> layers,
    List<ConfigText> config,
    List<SecretValue> secrets) {
  public AfterBuild {
    layers = List.copyOf(layers);
    config = List.copyOf(config);
    secrets = List.copyOf(secrets);
  }
}
