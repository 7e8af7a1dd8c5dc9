package dev.kemas.guard;

import java.util.Map;

/** What a resolved base image says of itself, as far as rules look at it. */
public record BaseFacts(Map<String, String> environment, Map<String, String> labels) {
  public BaseFacts {
    environment = Map.copyOf(environment);
    labels = Map.copyOf(labels);
  }
}
