package dev.kemas.buildkit;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The engine's blobs, to be read. Called from several threads. */
@FunctionalInterface
public interface Blobs {
  /** A blob that is here; the caller closes it. */
  Optional<Blob> open(Digest digest);

  /**
   * A blob's content.
   *
   * @param size in bytes
   */
  record Blob(long size, InputStream content) implements AutoCloseable {
    @Override
    public void close() {
      try {
        content.close();
      } catch (IOException e) {
        throw new Fault.Unavailable("a blob cannot be closed: " + e.getMessage(), e);
      }
    }
  }
}
