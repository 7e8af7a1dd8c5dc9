package dev.kemas.oci;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Chain ids: the name of a stack of layers (image-spec, config.md, "Layer ChainID"). */
public final class ChainId {
  private ChainId() {}

  /** The chain id of a layer upon a parent; without a parent it is the layer's diff id. */
  public static Digest of(Optional<Digest> parent, Digest diffId) {
    return parent
        .map(p -> Digest.of((p + " " + diffId).getBytes(StandardCharsets.UTF_8)))
        .orElse(diffId);
  }

  /** The chain id of a whole stack, lowest layer first; empty for no layers. */
  public static Optional<Digest> of(List<Digest> diffIds) {
    Optional<Digest> chain = Optional.empty();
    for (Digest diffId : diffIds) {
      chain = Optional.of(of(chain, diffId));
    }
    return chain;
  }
}
