package dev.kemas.build.export;

import java.io.IOException;
import java.io.OutputStream;

/** Where an archive goes. One use. */
@FunctionalInterface
public interface Destination {
  /**
   * Begins. Closing the stream says that all of it is there; if it is not closed nothing has come.
   */
  OutputStream open() throws IOException;
}
