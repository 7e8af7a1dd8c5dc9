package dev.kemas.registry.client;

import dev.kemas.oci.Descriptor;

/** A manifest or index as a registry sent it, its digest verified. */
public final class RemoteManifest {
  private final Descriptor descriptor;
  private final byte[] bytes;

  RemoteManifest(Descriptor descriptor, byte[] bytes) {
    this.descriptor = descriptor;
    this.bytes = bytes;
  }

  /** Type, digest and size. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /** The JSON, to the byte; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }
}
