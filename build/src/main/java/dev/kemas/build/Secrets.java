package dev.kemas.build;

import java.util.Optional;

/**
 * What the client lends to {@code RUN --mount=type=secret}. Values are asked for when a step needs
 * them and kept nowhere. Safe for several threads.
 */
@FunctionalInterface
public interface Secrets {
  /** None at all. */
  Secrets NONE = id -> Optional.empty();

  /**
   * The value of a secret; empty when the client has none of that id.
   *
   * @throws dev.kemas.fault.Fault.Unavailable when the client went away
   */
  Optional<byte[]> find(String id);
}
