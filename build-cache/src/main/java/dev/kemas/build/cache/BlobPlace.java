package dev.kemas.build.cache;

import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * Where a client keeps blobs, for {@code type=local}: what comes from there is checked here. Called
 * from several threads at once.
 */
public interface BlobPlace {
  /** The size of a blob, in bytes; empty when it is not there. */
  OptionalLong size(Digest blob);

  /** A blob from its beginning; the caller closes it. */
  InputStream open(Digest blob) throws IOException;

  /** Puts a blob of that size there, unless it is. */
  void put(Digest blob, long size, InputStream content) throws IOException;
}
