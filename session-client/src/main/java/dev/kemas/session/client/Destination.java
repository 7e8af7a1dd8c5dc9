package dev.kemas.session.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;

/** Where a result goes on the client's machine. */
public sealed interface Destination {

  /**
   * A folder: files come beside what is there, and replace what has their names.
   *
   * @param folder made when it is missing
   */
  record Folder(Path folder) implements Destination {}

  /** A stream. */
  non-sealed interface Stream extends Destination {
    /**
     * Begins to take a result.
     *
     * @param about what the daemon tells of the result, such as {@code containerimage.digest}
     */
    Taking begin(Map<String, String> about) throws IOException;
  }

  /** A result that is taken. Closed without {@link #complete}, it is to leave nothing. */
  interface Taking extends AutoCloseable {
    /** Where its bytes go; not to be closed. */
    OutputStream bytes();

    /** All of it is there. */
    void complete() throws IOException;

    @Override
    void close() throws IOException;
  }
}
