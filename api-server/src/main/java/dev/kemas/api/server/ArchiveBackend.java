package dev.kemas.api.server;

import dev.kemas.api.PathStat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What the endpoints that copy files of a container need. Archives are tar. */
public interface ArchiveBackend {
  /** What is at a path. */
  PathStat stat(String container, String path);

  /** Writes what is at a path, with the last name of the path as the first of the archive. */
  void read(String container, String path, OutputStream to) throws IOException;

  /**
   * Unpacks into a folder.
   *
   * @param keepKind refuse to put a folder in place of something else, and the other way round
   * @param keepOwner set the archive's owners
   */
  void write(
      String container, String path, InputStream archive, boolean keepKind, boolean keepOwner)
      throws IOException;

  /** Writes the whole file system; refuses before the first byte. */
  void export(String container, OutputStream to) throws IOException;
}
