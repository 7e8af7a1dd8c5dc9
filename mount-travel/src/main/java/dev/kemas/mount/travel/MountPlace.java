package dev.kemas.mount.travel;

import dev.kemas.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Where the artifact of one mount lies: a tag of a registry, a name in a folder of OCI's layout.
 * Faults are the place's own. Blobs are asked for and put by several threads at once.
 */
public interface MountPlace {

  /** Its name, for messages. */
  String name();

  /**
   * The artifact's manifest, not verified; empty when there is none.
   *
   * @throws dev.kemas.fault.Fault.Unavailable when the place cannot be reached
   */
  Optional<byte[]> manifest();

  /** Bytes of a blob, not verified; the caller closes it. */
  InputStream open(Descriptor blob) throws IOException;

  /** Whether a blob is there. */
  boolean has(Descriptor blob);

  /** Puts a blob there, whole or not at all. */
  void put(Descriptor blob, byte[] bytes) throws IOException;

  /** Puts the manifest there, in place of the one before; its blobs are there. */
  void publish(Descriptor manifest, byte[] bytes) throws IOException;
}
