package dev.kemas.build;

import java.io.InputStream;
import java.nio.file.Path;

/** Knows archives, for ADD. Called from several threads at once. */
public interface Archives {

  /**
   * Whether a stream is a tar archive, plain or compressed, as far as its beginning tells.
   *
   * @param content read as far as needed; not closed
   */
  boolean isArchive(InputStream content);

  /**
   * Unpacks an archive, owners as it says, never outside the directory.
   *
   * @param archive its bytes; not closed
   * @param root a mounted root file system
   * @param directory absolute within the root, and there
   * @throws dev.kemas.fault.Fault.InvalidArgument when it is broken or tries to get out
   */
  void unpack(InputStream archive, Path root, String directory);
}
