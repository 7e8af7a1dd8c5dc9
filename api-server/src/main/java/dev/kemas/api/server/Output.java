package dev.kemas.api.server;

import java.io.IOException;

/** Output of a container or of a command in it, opened and not yet read. */
public interface Output extends AutoCloseable {
  /** Whether it comes from a terminal: one stream of plain bytes. */
  boolean terminal();

  /**
   * Hands on what comes, until there is no more or {@link #close} is called.
   *
   * @throws IOException from the sink
   */
  void copyTo(StreamSink sink) throws IOException;

  /** Ends a running copy, from any thread; a second call does nothing. */
  @Override
  void close();
}
