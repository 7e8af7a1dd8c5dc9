package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads image archives: {@code docker save}'s of any age and OCI layouts as one tar, also both in
 * one, plain or packed with gzip, xz, zstd or bzip2. The stream is read once; layers are unpacked
 * while later ones arrive. Either every image of the archive is there in the end or none.
 * Thread-safe.
 */
public final class ImageLoader {
  ImageLoader() {}

  /**
   * Loads all images of an archive. The stream is not closed.
   *
   * @param platform which image of a multi-platform index; empty for this machine's
   * @param progress gets {@code Loaded image: NAME} or {@code Loaded image ID: ID} for each
   * @throws Fault.InvalidArgument when the archive is not one, is malformed or tries to leave its
   *     root; the message names the entry
   * @throws Fault.DataLoss when content does not match its digest, or the archive ends too early
   * @throws IOException what reading the stream threw
   */
  public LoadReport load(InputStream archive, Optional<Platform> platform, Progress progress)
      throws IOException {
    throw new Fault.Unsupported("images are not there yet");
  }
}
