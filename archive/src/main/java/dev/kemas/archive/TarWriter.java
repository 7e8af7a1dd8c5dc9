package dev.kemas.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Writes a tar archive: plain ustar headers, a PAX header before those that need one (long names,
 * times between seconds, large numbers, extended attributes). The same entries give the same bytes.
 * One thread at a time.
 */
// the contract comes before what fills it
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class TarWriter implements AutoCloseable {
  /** Writes to this stream, in large pieces. */
  public TarWriter(OutputStream out) {}

  /** Writes an entry that has no content, or a file of size 0. */
  public void put(TarEntry entry) throws IOException {
    throw Pending.fault("TarWriter.put");
  }

  /**
   * Writes a file.
   *
   * @param content exactly {@link TarEntry#size} bytes; what is missing is filled with zeroes and
   *     what is too much is left, as GNU tar does with files that change while they are read
   * @return whether the content had the length that it was said to have
   */
  public boolean put(TarEntry entry, InputStream content) throws IOException {
    throw Pending.fault("TarWriter.put");
  }

  /** Ends the archive and closes the target. */
  @Override
  public void close() throws IOException {}
}
