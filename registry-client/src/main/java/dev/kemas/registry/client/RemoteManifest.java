package dev.kemas.registry.client;

import dev.kemas.oci.Descriptor;
import java.util.Optional;

/** A manifest or index as a registry sent it, its digest verified. */
public final class RemoteManifest {
  private final Descriptor descriptor;
  private final byte[] bytes;
  private final Optional<RateLimit> rateLimit;

  RemoteManifest(Descriptor descriptor, byte[] bytes, Optional<RateLimit> rateLimit) {
    this.descriptor = descriptor;
    this.bytes = bytes;
    this.rateLimit = rateLimit;
  }

  /** Type, digest and size. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /** The JSON, to the byte; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** What the registry said about further pulls. */
  public Optional<RateLimit> rateLimit() {
    return rateLimit;
  }
}
